import { ask, type Parameters, withParameters } from '../../api/http.js';
import type { Page, TimelineItem } from '../../api/types.js';
import { valueText } from '../../ui/value-text.js';
import { saveFile } from '../../ui/save-file.js';
import { csvLine } from './csv.js';

const pagesMax = 100;
const columns = [
  'position',
  'at',
  'actor',
  'actorId',
  'via',
  'command',
  'outcome',
  'summary',
  'subjects',
  'changes',
  'reason',
  'ticket',
  'refusals',
  'correlationId',
  'causationId',
  'run',
  'events',
] as const;

/** Saves everything that is found, at most 50,000 items, as of one moment. */
export async function exportItems(parameters: Parameters, format: 'csv' | 'json'): Promise<void> {
  const items: TimelineItem[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { body } = await ask<Page<TimelineItem>>(
      withParameters('/api/timeline', { ...parameters, limit: '500', cursor }),
    );
    items.push(...body.items);
    if (body.next === null) break;
    cursor = body.next;
  }
  const name = `timeline-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`;
  if (format === 'json') saveFile(name, 'application/json', JSON.stringify(items, null, 2));
  // The mark in front lets Excel read Cyrillic.
  else saveFile(name, 'text/csv;charset=utf-8', `\uFEFF${csvOf(items)}`);
}

export function csvOf(items: readonly TimelineItem[]): string {
  const lines = items.map((item) => {
    const cells: Readonly<Record<(typeof columns)[number], string>> = {
      ...item,
      actor: item.actor.name,
      actorId: item.actor.id,
      via: item.actor.via,
      subjects: item.subjects.join(' '),
      changes: item.changes
        .map(({ subject, field, before, after }) => `${subject} ${field}: ${valueText(before)} → ${valueText(after)}`)
        .join('\n'),
      reason: item.reason ?? '',
      ticket: item.ticket ?? '',
      refusals: item.refusals.map(({ rule, detail }) => `${rule}: ${detail}`).join('\n'),
      causationId: item.causationId ?? '',
      run: item.run ?? '',
      events: item.events.join(' '),
    };
    return csvLine(columns.map((column) => cells[column]));
  });
  return `${[csvLine(columns), ...lines].join('\r\n')}\r\n`;
}
