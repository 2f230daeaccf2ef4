import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import {
  beforeFirst,
  type EventLogReader,
  LogUnavailable,
  parseProven,
  type Position,
  type RecordedEvent,
  type Revision,
} from '#event-log';
import { Beginnings, type EventRow as Row } from './beginnings.js';
import type { HeadSignal } from './head-signal.js';
import { absent, type StreamHeads } from './stream-heads.js';
import { closed, corrupt, isDamage, messageOf } from './sqlite-errors.js';

const pageEventsMax = 1000;
/** Of the whole log. Who follows works off page by page: what is dropped soon costs the garbage collector little. */
const logPageEventsMax = 128;
/** Most streams have no more, and many ask for no more than the first event. */
const firstPageEvents = 8;
const pageBytesMax = 1 << 20;
const firstPosition = 1;

const columns = 'select position, stream, revision, crc, event from events';

export interface EventReadsOptions {
  /** Position of the last event that is known to be on disk: those after it are not there yet. Absent: all that is in the file is read. */
  readonly visible?: () => Position;
  /** Of the only writer, on this thread: a stream without events is looked for once. */
  readonly heads?: StreamHeads;
}

/**
 * Reads of one connection. Each page is one short statement, so no read holds back a checkpoint, and every event is verified against its
 * checksum, its stream and its neighbours.
 */
export class EventReads implements EventLogReader {
  private readonly ofStream: Database.Statement<[string, number, number, number], Row>;
  private readonly beginnings: Beginnings;
  private readonly after: Database.Statement<[number, number, number], Row>;
  private readonly last: Database.Statement<[], Row>;
  private readonly lastPosition: Database.Statement<[number], number | null>;
  private readonly visible: () => number;
  private readonly heads: StreamHeads | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly db: Database.Database,
    private readonly file: string,
    private readonly signal: HeadSignal,
    { visible, heads }: EventReadsOptions = {},
  ) {
    this.heads = heads;
    this.visible = visible ? () => Number(visible()) : () => Number.MAX_SAFE_INTEGER;
    this.ofStream = prepare(
      db,
      `${columns} where stream = ? and revision >= ? and position <= ? order by revision limit ?`,
    );
    this.beginnings = new Beginnings(db, this.visible, firstPageEvents);
    this.after = prepare(db, `${columns} where position > ? and position <= ? order by position limit ?`);
    this.last = prepare(db, `${columns} order by position desc limit 1`);
    this.lastPosition = db
      .prepare<[number], number | null>('select max(position) from events where position <= ?')
      .pluck();
  }

  async *readStream(stream: string, from: Revision = 0n): AsyncGenerator<readonly RecordedEvent[]> {
    let limit = firstPageEvents;
    for (let next = Number(from); ; await nextTurn()) {
      this.assertOpen();
      if (this.heads?.remembered(stream) === absent) return;
      const beginning = next === 0 ? await this.beginnings.of(stream) : undefined;
      const page = this.streamPage(stream, next, limit, beginning);
      // Most streams are short: a page with room left is the last one, and so it tells the head.
      const isLast = page.length < limit && bytesOf(page) < pageBytesMax;
      limit = pageEventsMax;
      if (isLast && (page.length > 0 || next === 0)) this.heads?.found(stream, next + page.length - 1);
      if (page.length === 0) return;
      next += page.length;
      yield page;
      if (isLast) return;
    }
  }

  async *readAll(after: Position): AsyncGenerator<readonly RecordedEvent[]> {
    this.assertOpen();
    const end = this.headNow();
    let limit = firstPageEvents;
    for (let from = after; from < end; await nextTurn()) {
      this.assertOpen();
      const page = this.pageAfter(from, end, Math.min(limit, Number(end - from)));
      from = page.at(-1)?.position ?? end;
      limit = logPageEventsMax;
      yield page;
    }
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    this.assertOpen();
    const ended = AbortSignal.any([signal, this.closing.signal]);
    for (let from = after; !ended.aborted;) {
      const page = this.pageAfter(from, this.signal.position, logPageEventsMax);
      const last = page.at(-1);
      if (last) {
        from = last.position;
        yield page;
        await nextTurn();
      } else await this.signal.past(from, ended);
    }
  }

  head(): Promise<Position> {
    return new Promise((resolve) => {
      this.assertOpen();
      resolve(this.headNow());
    });
  }

  close(): Promise<void> {
    this.end();
    this.db.close();
    return Promise.resolve();
  }

  /** Ends subscriptions and refuses further reads; the connection stays. */
  end(): void {
    this.closing.abort();
  }

  /** The log's last event, verified. */
  lastEvent(): RecordedEvent | undefined {
    return this.page(
      () => this.last.iterate(),
      () => 'at its end',
      () => undefined,
    )[0];
  }

  private headNow(): Position {
    const position = this.guarded(
      () => this.lastPosition.get(this.visible()),
      () => 'at its end',
    );
    return position == null ? beforeFirst : BigInt(position);
  }

  /** @param known its rows, where they were read already */
  private streamPage(stream: string, from: number, limit: number, known?: readonly Row[]): readonly RecordedEvent[] {
    const where = (index: number): string => `in the stream ${stream} at revision ${from + index}`;
    const gap = ([, , revision]: Row, index: number): string | undefined =>
      revision === from + index ? undefined : `revision ${from + index} is missing`;
    const find = (): Iterable<Row> => known ?? found(this.ofStream, [stream, from, this.visible(), limit], limit);
    return this.page(find, where, gap);
  }

  /** What follows `after`; something does where `after` is before `end`, a position that is known to be committed. */
  private pageAfter(after: Position, end: Position, limit: number): readonly RecordedEvent[] {
    const first = Math.max(Number(after) + 1, firstPosition);
    const where = (index: number): string => `at position ${first + index}`;
    const gap = ([position]: Row, index: number): string | undefined =>
      position === first + index ? undefined : `the event is missing, the next one is ${position}`;
    const rows = (): Iterable<Row> =>
      found(this.after, [Number(after), this.visible(), Math.min(limit, pageEventsMax)], limit);
    const page = this.page(rows, where, gap);
    if (page.length === 0 && after < end) throw corrupt(this.file, where(0), `the events up to ${end} are missing`);
    return page;
  }

  private page(
    find: () => Iterable<Row>,
    where: (index: number) => string,
    gap: (row: Row, index: number) => string | undefined,
  ): readonly RecordedEvent[] {
    const events: RecordedEvent[] = [];
    this.guarded(
      () => {
        let bytes = 0;
        for (const row of find()) {
          const missing = gap(row, events.length);
          if (missing !== undefined) throw corrupt(this.file, where(events.length), missing);
          events.push(this.verified(row));
          bytes += row[4].length;
          if (bytes >= pageBytesMax) break;
        }
      },
      () => where(events.length),
    );
    return events;
  }

  private verified([position, stream, revision, crc, text]: Row): RecordedEvent {
    const at = `at position ${position}`;
    if (crc32(text) !== crc) throw corrupt(this.file, at, 'its checksum does not match');
    const event = this.parsed(text, position);
    if (event.stream !== stream || event.revision !== BigInt(revision))
      throw corrupt(this.file, at, `it is stored as ${stream}@${revision} and says ${event.stream}@${event.revision}`);
    return event;
  }

  private parsed(text: string, position: number): RecordedEvent {
    try {
      return parseProven(text, BigInt(position));
    } catch (error) {
      throw corrupt(this.file, `at position ${position}`, 'it is no event', error);
    }
  }

  private guarded<T>(read: () => T, where: () => string): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      if (isDamage(error)) throw corrupt(this.file, where(), messageOf(error), error);
      throw new LogUnavailable(`the event log can't be read ${where()}: ${messageOf(error)}`, null, { cause: error });
    }
  }

  private assertOpen(): void {
    if (this.closing.signal.aborted) throw closed();
  }
}

/** A few rows are taken at once, which costs half as much as one after another; of many no more than fills a page. */
function found<P extends unknown[]>(statement: Database.Statement<P, Row>, asked: P, limit: number): Iterable<Row> {
  return limit <= firstPageEvents ? statement.all(...asked) : statement.iterate(...asked);
}

function bytesOf(page: readonly RecordedEvent[]): number {
  return page.reduce((bytes, { text }) => bytes + text.length, 0);
}

function prepare<P extends unknown[]>(db: Database.Database, sql: string): Database.Statement<P, Row> {
  return db.prepare<P, Row>(sql).raw();
}
