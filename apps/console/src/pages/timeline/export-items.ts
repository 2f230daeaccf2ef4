import { ask, type Parameters, withParameters } from '../../api/http.js';
import type { Page, TimelineItem } from '../../api/types.js';
import { valueText } from '../../ui/value-text.js';
import { saveFile } from '../../ui/save-file.js';
import { csvLine } from './csv.js';

const pageSize = 500;
/** More would be gathered for minutes, and no spreadsheet is looked through that far. */
export const exportMax = 50_000;
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

export interface Exported {
  readonly items: readonly TimelineItem[];
  /** How many were found. */
  readonly total: number;
}

/** The newest of everything that is found, as of one moment. */
export async function gather(parameters: Parameters): Promise<Exported> {
  const items: TimelineItem[] = [];
  let cursor: string | undefined;
  let total = 0;
  while (items.length < exportMax) {
    const { body } = await ask<Page<TimelineItem>>(
      withParameters('/api/timeline', { ...parameters, limit: String(pageSize), cursor }),
    );
    // Of the first page: what happens meanwhile is newer than it.
    if (cursor === undefined) total = body.total;
    items.push(...body.items);
    if (body.next === null) break;
    cursor = body.next;
  }
  return { items, total };
}

export function saveItems(items: readonly TimelineItem[], format: 'csv' | 'json'): void {
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
