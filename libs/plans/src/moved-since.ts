import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventCatalogue } from '#kernel';
import { type EventLogReader, type Position, type RecordedEvent, type Revision, upcast } from '#event-log';
import type { Moved } from './errors.js';
import { plannedStream, readPlanned, revisionOf, type RowsPlanned } from './planned-rows.js';

/** Streams by name, with the revision at which each was first read; null where it had no event. */
type Readings = Map<string, Revision | null>;

/** What has moved of all that the rows of a plan rest on. */
export interface MovedSince {
  readonly moved: Moved;
  /** The streams that were left out of it, as they were first read. */
  readonly apart: ReadonlyMap<string, Revision | null>;
}

interface Asked {
  readonly plan: string;
  /** Of its rows. */
  readonly rows: number;
  /** The end of the log before anything was read for it. */
  readonly position: Position;
  /** Streams that are looked at in another way. */
  readonly isApart: (stream: string) => boolean;
}

const namedMax = 100;
/** The streams of so few rows are asked one by one; for more it is less to read what was recorded since, the rows among it. */
const askedRowsMax = 500;
const askedAtOnce = 32;

/** Which of the streams that a plan's rows rest on have an event that their reading had not seen. */
export async function movedSince(log: EventLogReader, catalogue: EventCatalogue, asked: Asked): Promise<MovedSince> {
  const readings: Readings = new Map();
  const moved =
    asked.rows <= askedRowsMax
      ? await askedOneByOne(log, catalogue, asked, readings)
      : await recordedSince(log, catalogue, asked, readings);
  const subjects: string[] = [];
  for (const stream of moved.slice(0, namedMax)) {
    const event = await firstAfter(log, stream, readings.get(stream) ?? null);
    if (event) subjects.push(subjectOf(catalogue, event));
  }
  const apart = new Map(Array.from(readings).filter(([stream]) => asked.isApart(stream)));
  return { moved: { count: moved.length, subjects }, apart };
}

async function askedOneByOne(
  log: EventLogReader,
  catalogue: EventCatalogue,
  { plan, isApart }: Asked,
  readings: Readings,
): Promise<readonly string[]> {
  for await (const rows of readPlanned(log, catalogue, plan)) note(readings, rows);
  const all = Array.from(readings).filter(([stream]) => !isApart(stream));
  const moved: string[] = [];
  for (let at = 0; at < all.length; at += askedAtOnce) {
    const asked = all.slice(at, at + askedAtOnce);
    const events = await Promise.all(asked.map(([stream, read]) => firstAfter(log, stream, read)));
    for (const [index, [stream]] of asked.entries()) if (events[index]) moved.push(stream);
    await nextTurn();
  }
  return moved;
}

/** Rows stand behind the position that they were planned at, so that one reading finds them and what was recorded besides. */
async function recordedSince(
  log: EventLogReader,
  catalogue: EventCatalogue,
  { plan, rows, position, isApart }: Asked,
  readings: Readings,
): Promise<readonly string[]> {
  const ownRows = plannedStream(plan).name;
  /** What was recorded before all rows were. */
  const early = new Map<string, Revision>();
  const moved = new Set<string>();
  const judge = (stream: string, revision: Revision): void => {
    const read = readings.get(stream);
    if (read !== undefined && revision > (read ?? -1n) && !isApart(stream)) moved.add(stream);
  };
  let seen = 0;
  for await (const page of log.readAll(position))
    for (const event of page) {
      if (event.stream === ownRows) {
        const data = upcast(catalogue, event) as unknown as RowsPlanned['data'];
        note(readings, data);
        seen += data.rows.length;
        if (seen === rows) for (const [stream, revision] of early) judge(stream, revision);
      } else if (seen < rows) early.set(event.stream, event.revision);
      else judge(event.stream, event.revision);
    }
  if (seen !== rows) throw new Error(`the plan ${plan} has ${rows} rows, and ${seen} of them were found`);
  return [...moved];
}

function note(readings: Readings, { streams }: Pick<RowsPlanned['data'], 'streams'>): void {
  for (const [stream, revision] of streams) if (!readings.has(stream)) readings.set(stream, revisionOf(revision));
}

async function firstAfter(
  log: EventLogReader,
  stream: string,
  read: Revision | null,
): Promise<RecordedEvent | undefined> {
  for await (const [event] of log.readStream(stream, (read ?? -1n) + 1n)) return event;
  return undefined;
}

/** What an event is about, most specific first; the stream where it is about nothing that has a name. */
function subjectOf(catalogue: EventCatalogue, event: RecordedEvent): string {
  return catalogue[event.type]?.subjects(upcast(catalogue, event))[0] ?? event.stream;
}
