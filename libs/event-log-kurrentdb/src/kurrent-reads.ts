import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  FORWARDS,
  type KurrentDBClient,
  type ReadAllOptions,
  type ResolvedEvent,
  START,
} from '@kurrent/kurrentdb-client';
import { beforeFirst, LogUnavailable, type Position, type RecordedEvent, type Revision } from '#event-log';
import type { ClientSlot, Lease } from './client-slot.js';
import { closed, failureOf, isMissingStream, retryAfterSeconds } from './kurrent-errors.js';
import { answered, Outage, type Patience } from './patience.js';
import type { ReadingAhead } from './reading-ahead.js';
import { eventOf, fromKurrent, type PlacedRecord, storedRecord, type StoredRecord } from './record.js';

/** Of one request. */
const recordsMax = 4000;
/** Of the whole log: between two requests whoever makes views of it has nothing to do. */
const logRecordsMax = 20_000;
const pageEventsMax = 1000;
/** Of the log; where there are more, another thread reads those. */
const nearEventsMax = 20_000;
/** For another thread, which begins with a page while the next one comes. */
const parcelEventsMax = 128;
const pageBytesMax = 1 << 20;
/** Without any record coming. */
const silenceMsMax = 3_000;
/** A new client takes half a second, and asks the nodes for the leader one after another, up to a second each. */
const firstSilenceMsMax = 5_000;
/** The end of the log is looked for in steps that grow. */
const endStepMin = 16;

/** How far a reader has come: the position of the last record seen, ours or not. */
export interface Cursor {
  position: Position;
}

/** Reads that go on where they stopped: what each request asks for, and what has come. */
interface Source {
  /** The most that one request brings. */
  readonly recordsMax: number;
  readonly request: (client: KurrentDBClient) => AsyncIterable<AllStreamResolvedEvent | ResolvedEvent>;
  readonly pageEventsMax: number;
  /** The event of ours in what came, if it is one and was not taken before. */
  readonly take: (resolved: AllStreamResolvedEvent | ResolvedEvent) => StoredRecord | undefined;
}

interface Page {
  readonly stored: StoredRecord[];
  /** Ours or not. */
  records: number;
  abandoned: boolean;
}

export interface ReadsOptions {
  readonly patienceMs?: number | undefined;
  /** For who reads the whole log, and has work with it. */
  readonly ahead?: ReadingAhead | undefined;
}

/** Reads by pages. A request that fails is sent again through a new client, from where it stopped. */
export class KurrentReads {
  private readonly outage: Outage;
  private readonly closing = new AbortController();
  private knownHead: Position = beforeFirst;

  private readonly ahead: ReadingAhead | undefined;

  constructor(
    private readonly slot: ClientSlot,
    private readonly hosts: string,
    { patienceMs, ahead }: ReadsOptions = {},
  ) {
    this.outage = new Outage(patienceMs);
    this.ahead = ahead;
  }

  /** From the leader: what another node has written a moment ago is there. */
  readStream(stream: string, from: Revision = 0n): AsyncGenerator<readonly RecordedEvent[]> {
    let next = from;
    const source: Source = {
      recordsMax,
      pageEventsMax,
      request: (client) =>
        client.readStream(stream, {
          fromRevision: next,
          maxCount: recordsMax,
          direction: FORWARDS,
          requiresLeader: true,
        }),
      take: (resolved) => {
        const record = storedRecord(resolved);
        if (!record)
          throw new LogUnavailable(
            `the stream ${stream} holds what another program wrote; give Homeward a KurrentDB of its own`,
            null,
          );
        if (record.revision < next) return undefined;
        next = record.revision + 1n;
        return record;
      },
    };
    return this.events(this.pages(source));
  }

  readAll(after: Position): AsyncGenerator<readonly RecordedEvent[]> {
    return this.wholeLog({ position: after });
  }

  /** As `pagesAfter`, for a thread that hands them on. */
  recordsAfter(cursor: Cursor): AsyncGenerator<readonly StoredRecord[]> {
    return this.pages(allAfter(cursor, parcelEventsMax));
  }

  /** As `readAll`, but moves the cursor, also past what is not ours, and ends without an error when told to. */
  pagesAfter(cursor: Cursor, ended: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    return this.wholeLog(cursor, ended);
  }

  /** Is there any record after this one? */
  async hasAfter(position: Position): Promise<boolean> {
    const from = position < 0n ? START : { commit: position, prepare: position };
    const records = await this.records({ fromPosition: from, maxCount: 2, direction: FORWARDS });
    return records.some((record) => positionOf(record) > position);
  }

  async head(): Promise<Position> {
    return (await this.lastEvent())?.position ?? this.knownHead;
  }

  /** The log's last event; undefined where that is known to be at `head` already, or there is none. */
  async lastEvent(): Promise<RecordedEvent | undefined> {
    let from: Position | undefined;
    for (let step = endStepMin; ; step = Math.min(step * 4, recordsMax)) {
      const records = await this.backwards(from, step, true);
      for (const record of records) {
        const event = fromKurrent(record);
        if (event) {
          if (event.position > this.knownHead) this.knownHead = event.position;
          return event;
        }
      }
      const oldest = records.at(-1);
      if (!oldest || records.length < step) return undefined;
      from = positionOf(oldest);
      if (from <= this.knownHead) return undefined;
    }
  }

  /** The `count` records before this position, oldest first. */
  async before(position: Position, count: number): Promise<{ readonly id: string; readonly position: Position }[]> {
    const records = await this.backwards(position, count, false);
    return records.map((record) => ({ id: record.event?.id ?? '', position: positionOf(record) })).toReversed();
  }

  /** Where the events of an append stand; undefined unless all of them are there. */
  async find(places: readonly PlacedRecord[]): Promise<Position[] | undefined> {
    const positions = new Map<string, Position>();
    for (const [stream, own] of Map.groupBy(places, ({ record }) => record.stream)) {
      let read = 0;
      for await (const page of this.readStream(stream, own[0]?.revision ?? 0n)) {
        for (const { id, position } of page) positions.set(id, position);
        read += page.length;
        if (read >= own.length) break;
      }
      if (own.some(({ record }) => !positions.has(record.id))) return undefined;
    }
    return places.map(({ record }) => positions.get(record.id) ?? beforeFirst);
  }

  get ended(): AbortSignal {
    return this.closing.signal;
  }

  close(): void {
    this.closing.abort();
    this.slot.close();
  }

  assertOpen(): void {
    if (this.closing.signal.aborted) throw closed();
  }

  /** Newest first, without the record at the position itself. */
  private backwards(
    from: Position | undefined,
    count: number,
    requiresLeader: boolean,
  ): Promise<AllStreamResolvedEvent[]> {
    const fromPosition = from === undefined ? END : { commit: from, prepare: from };
    return this.records({ fromPosition, maxCount: count, direction: BACKWARDS, requiresLeader });
  }

  private async records(options: ReadAllOptions): Promise<AllStreamResolvedEvent[]> {
    const patience = this.outage.begin();
    for (;;) {
      this.assertOpen();
      const lease = await this.slot.take();
      const records: AllStreamResolvedEvent[] = [];
      try {
        const all = drain(lease.client.readAll(options), records);
        await answered(all, silenceOf(lease), { progress: () => records.length, signal: this.closing.signal });
        this.worked(lease);
        return records;
      } catch (error) {
        await this.recover(error, lease, patience);
      }
    }
  }

  /** What is near is read here, the rest ahead. */
  private async *wholeLog(cursor: Cursor, ended?: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    let read = 0;
    let isFar = false;
    for await (const page of this.events(this.pages(allAfter(cursor, pageEventsMax), ended))) {
      yield page;
      read += page.length;
      isFar = this.ahead !== undefined && read >= nearEventsMax;
      if (isFar) break;
    }
    if (!isFar || !this.ahead) return;
    yield* this.events(this.ahead.pages(cursor, ended ?? this.closing.signal));
    if (!ended?.aborted) this.assertOpen();
  }

  /** Those before a damaged one come, then the error. */
  private async *events(pages: AsyncIterable<readonly StoredRecord[]>): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of pages) {
      const events: RecordedEvent[] = [];
      try {
        for (const record of page) events.push(eventOf(record));
      } catch (error) {
        if (events.length > 0) yield events;
        throw error;
      }
      yield events;
    }
  }

  private async *pages(source: Source, given?: AbortSignal): AsyncGenerator<readonly StoredRecord[]> {
    const ended = given ?? this.closing.signal;
    const patience = this.outage.begin();
    for (;;) {
      if (given?.aborted) return;
      this.assertOpen();
      const lease = await this.slot.take();
      let records = 0;
      let isAtEnd = false;
      let failure: unknown;
      const reading = source.request(lease.client)[Symbol.asyncIterator]();
      while (!isAtEnd && failure === undefined) {
        const page: Page = { stored: [], records: 0, abandoned: false };
        try {
          isAtEnd = await answered(fill(page, reading, source), silenceOf(lease), {
            progress: () => page.records,
            signal: ended,
          });
        } catch (error) {
          page.abandoned = true;
          if (isMissingStream(error)) return;
          failure = error ?? new Error('a read failed for no reason');
        }
        records += page.records;
        if (page.records > 0) patience.renew();
        if (page.stored.length > 0) yield page.stored;
        if (ended.aborted) break;
      }
      if (failure !== undefined && !ended.aborted) await this.recover(failure, lease, patience, ended);
      else this.worked(lease);
      if (isAtEnd && records < source.recordsMax) return;
    }
  }

  private worked(lease: Lease): void {
    this.outage.over();
    this.slot.works(lease);
  }

  /** Waits for a moment, to try again with a new client. */
  private async recover(error: unknown, lease: Lease, patience: Patience, signal?: AbortSignal): Promise<void> {
    this.assertOpen();
    if (error instanceof LogUnavailable) throw error;
    const failure = failureOf(error);
    if (failure.kind === 'final') throw failure.error;
    const reason = failure.kind === 'violation' ? 'a read was answered as an append' : failure.reason;
    this.outage.failed();
    // Reads find the leader by themselves where a node tells them of it.
    if (failure.kind !== 'not-leader') this.slot.reconnect(lease, { reason });
    if (patience.isOver)
      throw new LogUnavailable(`KurrentDB at ${this.hosts} can't be read: ${reason}`, retryAfterSeconds, {
        cause: error,
      });
    await patience.pause(signal);
  }
}

/** The events of ours after the cursor, which moves past whatever comes. */
function allAfter(cursor: Cursor, pageEventsMax: number): Source {
  return {
    recordsMax: logRecordsMax,
    pageEventsMax,
    request: (client) =>
      client.readAll({
        fromPosition: cursor.position < 0n ? START : { commit: cursor.position, prepare: cursor.position },
        maxCount: logRecordsMax,
        direction: FORWARDS,
      }),
    take: (resolved) => {
      const position = positionOf(resolved);
      if (position <= cursor.position) return undefined;
      const record = storedRecord(resolved);
      cursor.position = position;
      return record;
    },
  };
}

export function positionOf({ event, commitPosition }: AllStreamResolvedEvent | ResolvedEvent): Position {
  return event?.position?.commit ?? commitPosition ?? beforeFirst;
}

const silenceOf = ({ hasWorked }: Lease): number => (hasWorked ? silenceMsMax : firstSilenceMsMax);

async function drain<T>(source: AsyncIterable<T>, into: T[]): Promise<void> {
  for await (const each of source) into.push(each);
}

/** Takes what comes until the page is full, or nothing more comes: then it answers with true. */
async function fill(
  page: Page,
  reading: AsyncIterator<AllStreamResolvedEvent | ResolvedEvent>,
  source: Source,
): Promise<boolean> {
  let bytes = 0;
  while (page.stored.length < source.pageEventsMax && bytes < pageBytesMax) {
    const { value, done } = await reading.next();
    if (page.abandoned) return false;
    if (done) return true;
    page.records++;
    const record = source.take(value);
    if (!record) continue;
    page.stored.push(record);
    bytes += record.data.byteLength;
  }
  return false;
}
