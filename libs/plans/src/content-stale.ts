import { canonicalJson, type EventCatalogue } from '#kernel';
import type { EventLogReader, UnitOfWork } from '#event-log';
import { type Changed, isContent, named, ofStream, touching } from './content-moved.js';
import { decidedRows, type ToDecide } from './decided-rows.js';
import type { Moved } from './errors.js';
import { type PlannedRow, readPlanned, restsOn, type RowsPlanned } from './planned-rows.js';

const namedMax = 100;

/**
 * Which changes of content have moved the rows of a plan that rest on it: those of what a row is about, and those after which a row comes
 * to another outcome, other events or other refusals. Everything else that the plan rests on has not moved.
 */
export async function movedByContent(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: string,
  changed: Changed,
  again: { readonly asked: ToDecide; readonly unit: UnitOfWork; readonly signal: AbortSignal },
): Promise<Moved> {
  const moved = new Set<string>();
  for await (const chunk of readPlanned(log, catalogue, plan))
    for (const row of chunk.rows) {
      for (const subject of touching(catalogue, row, changed)) moved.add(subject);
      for (const { stream } of restsOn(chunk, row))
        if (isContent(stream) && changed.has(ofStream(stream))) moved.add(ofStream(stream));
    }
  if (moved.size > 0) return movedOf(moved);
  const decided = oneByOne(decidedRows(again.asked, again.unit, catalogue, again.signal));
  for await (const before of oneByOne(rowsOf(readPlanned(log, catalogue, plan)))) {
    const { value: now } = await decided.next();
    if (!now) throw new Error(`the plan ${plan} has a row ${before.row} that is not decided again`);
    if (comesTo(before) === comesTo(now.planned)) continue;
    const subjects = named(catalogue, before, changed);
    for (const subject of subjects.length > 0 ? subjects : changed.values()) moved.add(subject);
  }
  return movedOf(moved);
}

async function* rowsOf(chunks: AsyncIterable<RowsPlanned['data']>): AsyncGenerator<readonly PlannedRow[]> {
  for await (const { rows } of chunks) yield rows;
}

async function* oneByOne<T>(many: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const some of many) yield* some;
}

function comesTo({ outcome, events = [], refusals = [] }: Pick<PlannedRow, 'outcome' | 'events' | 'refusals'>): string {
  return canonicalJson([outcome, events, refusals]);
}

function movedOf(moved: ReadonlySet<string>): Moved {
  return { count: moved.size, subjects: [...moved].slice(0, namedMax) };
}
