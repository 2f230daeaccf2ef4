import { createHash } from 'node:crypto';
import { beforeFirst, type EventLogReader, type Position, type RecordedEvent } from '#event-log';
import { CannotMigrate } from './cannot-migrate.js';
import type { Source, Target } from './ends.js';

export interface Migration {
  readonly source: Source;
  readonly target: Target;
  readonly signal: AbortSignal;
  /** What is being done, in a few words, for whoever waits. */
  readonly tell: (progress: string) => void;
}

/** What both logs hold when it is over. */
export interface Migrated {
  readonly events: number;
  /** How many of them were there before. */
  readonly found: number;
  /** Over the stored text of every event in order, each followed by a line feed; hex. */
  readonly sha256: string;
}

/**
 * Copies a log into one that is empty, or holds its beginning: an earlier migration that was cut off. Order, ids, times, metadata, streams
 * and revisions stay; positions are the engine's own. Reads both again at the end and compares.
 * @throws {CannotMigrate} {@link LogUnusable} {@link LogUnavailable}
 */
export async function migrate({ source, target, signal, tell }: Migration): Promise<Migrated> {
  const { found, after } = await whereItStands(source.reader, target.reader, signal, tell);
  let events = found;
  for await (const page of source.reader.readAll(after)) {
    signal.throwIfAborted();
    await target.take(page);
    events += page.length;
    tell(`${events} events copied`);
  }
  const [theirs, ours] = [
    await digestOf(source.reader, signal, (count) => tell(`verifying: ${count} events of the source read`)),
    await digestOf(target.reader, signal, (count) => tell(`verifying: ${count} events of the target read`)),
  ];
  if (theirs.events !== events)
    throw new CannotMigrate(
      `the source went on meanwhile (${theirs.events} events now, ${events} copied); stop every server on it, then run this again: it goes on where it stopped`,
    );
  if (theirs.sha256 !== ours.sha256)
    throw new CannotMigrate(
      `the target holds ${ours.events} events with the SHA-256 ${ours.sha256}, the source ${theirs.events} with ${theirs.sha256}; migrate into an empty log`,
    );
  return { ...theirs, found };
}

/** How many events of the source the target has, and the source's position of the last of them. */
async function whereItStands(
  source: EventLogReader,
  target: EventLogReader,
  signal: AbortSignal,
  tell: Migration['tell'],
): Promise<{ found: number; after: Position }> {
  let found = 0;
  let after: Position = beforeFirst;
  const theirs = eventsOf(source);
  try {
    for await (const event of eventsOf(target)) {
      signal.throwIfAborted();
      const same = await theirs.next();
      if (same.done || same.value.text !== event.text)
        throw new CannotMigrate(
          `the target holds other events (the one at its position ${event.position}); name an empty log, or one into which this source was migrated`,
        );
      after = same.value.position;
      found++;
      if (found % 1000 === 0) tell(`${found} events are there already`);
    }
  } finally {
    await theirs.return(undefined);
  }
  return { found, after };
}

async function* eventsOf(log: EventLogReader): AsyncGenerator<RecordedEvent, undefined> {
  for await (const page of log.readAll(beforeFirst)) yield* page;
}

async function digestOf(
  log: EventLogReader,
  signal: AbortSignal,
  tell: (events: number) => void,
): Promise<{ events: number; sha256: string }> {
  const hash = createHash('sha256');
  let events = 0;
  for await (const page of log.readAll(beforeFirst)) {
    signal.throwIfAborted();
    for (const { text } of page) hash.update(text).update('\n');
    events += page.length;
    tell(events);
  }
  return { events, sha256: hash.digest('hex') };
}
