import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#kernel';
import type {
  Appended,
  Check,
  Conflict,
  EventLog,
  EventLogReader,
  EventMeta,
  NewRecord,
  Position,
  RecordedEvent,
  Revision,
} from '../event-log.js';

/** A log and how to come back to it. It may hold other events: everything in the suite happens on streams of its own, after `head`. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log and opens the same one again, as after a restart. */
  reopen(): Promise<EventLog>;
  /** Closes the log, if it is open, and removes what the test has left. */
  close(): Promise<void>;
}

export type OpenLog = () => Promise<OpenedLog>;

const patienceMs = 20_000;

/** Opens a log before each test of the block and closes it after it. */
export function freshLog(open: OpenLog): { readonly log: EventLog; reopen(): Promise<EventLog> } {
  let opened: OpenedLog | undefined;
  const current = (): OpenedLog => {
    if (!opened) throw new Error('the log is there within a test only');
    return opened;
  };
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  return {
    get log() {
      return current().log;
    },
    reopen: () => current().reopen(),
  };
}

/** The name of a stream that nobody has written. */
export function newStream(category = 'user'): string {
  return `${category}-${randomUUID()}`;
}

export const meta: EventMeta = {
  actor: { id: 'tok-1', name: 'Алиса', roles: ['operator'], via: 'api' },
  command: 'HomeUser',
  reason: null,
  ticket: 'CHG0041733',
  commandId: '0b8f6c3e-3a55-4e0e-9c57-6a1d2f1b7a10',
  correlationId: 'night shift 7',
  causationId: '0b8f6c3e-3a55-4e0e-9c57-6a1d2f1b7a10',
  client: { ip: '10.1.2.3', agent: null },
};

export function recordFor(stream: string, data: object = {}): NewRecord {
  return {
    stream,
    id: randomUUID(),
    type: 'UserHomed',
    schemaVersion: 1,
    data: canonicalJson(data),
    meta: canonicalJson(meta),
  };
}

export const expectNew = (stream: string): Check => ({ stream, expect: 'no-stream' });
export const expectAt = (stream: string, revision: Revision): Check => ({ stream, expect: revision });

/** An append that nothing may stand against. */
export async function append(
  log: EventLog,
  records: readonly NewRecord[],
  checks: readonly Check[],
): Promise<Appended> {
  const answer = await log.append(records, checks);
  expect(answer.conflicts).toBeUndefined();
  return answer as Appended;
}

/** A new stream with this many events, appended at once. */
export async function given(log: EventLog, stream: string, events: number): Promise<Appended> {
  const records = Array.from({ length: events }, (_, n) => recordFor(stream, { n }));
  return append(log, records, [expectNew(stream)]);
}

export function isConflict(answer: Appended | Conflict): answer is Conflict {
  return answer.conflicts !== undefined;
}

export async function all(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) {
    expect(page.length).toBeGreaterThan(0);
    events.push(...page);
  }
  return events;
}

/** A stream's events, as soon as there are so many: a read may come a moment after the append. */
export async function streamOf(log: EventLogReader, stream: string, count: number): Promise<RecordedEvent[]> {
  return eventually(
    () => all(log.readStream(stream)),
    (events) => events.length >= count,
  );
}

export async function eventually<T>(probe: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const value = await probe();
    if (isRight(value) || Date.now() > giveUpAt) return value;
    await sleep(20);
  }
}

/** Follows the log until it has seen so many events of these streams; gives up in time. */
export async function follow(
  log: EventLogReader,
  after: Position,
  streams: ReadonlySet<string>,
  count: number,
  onPage: (page: readonly RecordedEvent[]) => Promise<void> = () => Promise.resolve(),
): Promise<RecordedEvent[]> {
  const enough = new AbortController();
  const giveUp = setTimeout(() => enough.abort(), patienceMs);
  const seen: RecordedEvent[] = [];
  for await (const page of log.subscribe(after, enough.signal)) {
    seen.push(...page.filter(({ stream }) => streams.has(stream)));
    if (seen.length >= count) enough.abort();
    else await onPage(page);
  }
  clearTimeout(giveUp);
  return seen;
}

export function ascending(values: readonly (bigint | string)[]): boolean {
  return values.every((value, index) => index === 0 || (values[index - 1] ?? value) < value);
}
