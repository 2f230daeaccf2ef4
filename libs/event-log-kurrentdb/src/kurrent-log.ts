import {
  type Appended,
  type Check,
  type Conflict,
  type EventLog,
  type EventLogReader,
  LogMisuse,
  LogUnavailable,
  LogUnusable,
  type NewRecord,
  type Position,
  type RecordedEvent,
  type Revision,
} from '#event-log';
import { Appender } from './appender.js';
import { ClientSlot, type Reconnection } from './client-slot.js';
import { type Connection, parseConnection } from './connection.js';
import { follow } from './follow.js';
import { failureOf, messageOf } from './kurrent-errors.js';
import { KurrentReads } from './kurrent-reads.js';
import { answered, Outage } from './patience.js';
import { ReadingAhead } from './reading-ahead.js';
import { RecordingTurns } from './recording-turns.js';

const answerMsMax = 4_000;

export interface KurrentLogReaderOptions {
  /** `kurrentdb://[user:password@]host:port[,host:port …][?tls=false]`, with the options of KurrentDB's own client. */
  readonly connectionString: string;
  readonly onReconnected?: (reconnection: Reconnection) => void;
  /** Long readings of the log are made ahead, in a thread of its own. */
  readonly ahead?: boolean;
  /** How long a call is tried before it fails with `LogUnavailable`; 15 s. In an outage that lasts longer, the next ones get 2 s. */
  readonly patienceMs?: number;
}

export interface KurrentLogOptions extends KurrentLogReaderOptions {
  /** UTC, ISO 8601, milliseconds. */
  readonly clock?: () => string;
}

/** The log in KurrentDB, shared with other nodes. */
export type KurrentLog = EventLog;

/**
 * Opens the log of this connection string; several nodes and threads may.
 * @throws {LogUnusable} when no server of version 26 or later answers within some 15 s, or it denies access.
 */
export async function openKurrentLog(options: KurrentLogOptions): Promise<KurrentLog> {
  const connection = parseConnection(options.connectionString);
  await assertUsable(connection, options.patienceMs);
  const turns = new RecordingTurns(options.clock ?? (() => new Date().toISOString()));
  const log = new SharedLog(connection, options, turns);
  try {
    await log.begin();
    return log;
  } catch (error) {
    await log.close();
    throw unusable(error);
  }
}

/**
 * Reads through clients of its own, for any thread.
 * @throws {LogUnusable}
 */
export async function openKurrentLogReader(options: KurrentLogReaderOptions): Promise<EventLogReader> {
  const reader = new SharedReader(parseConnection(options.connectionString), options);
  try {
    await reader.head();
    return reader;
  } catch (error) {
    await reader.close();
    throw unusable(error);
  }
}

class SharedReader implements EventLogReader {
  protected readonly reads: KurrentReads;
  private readonly followed: ClientSlot;

  private readonly patienceMs: number | undefined;

  constructor(
    connection: Connection,
    { connectionString, onReconnected = () => undefined, patienceMs, ahead }: KurrentLogReaderOptions,
  ) {
    this.patienceMs = patienceMs;
    this.followed = new ClientSlot(connection, 'follow', onReconnected);
    const slot = new ClientSlot(connection, 'read', onReconnected);
    this.reads = new KurrentReads(slot, connection.hosts, {
      patienceMs,
      ahead: ahead ? new ReadingAhead({ connectionString, patienceMs, onReconnected }) : undefined,
    });
  }

  readStream(stream: string, from?: Revision): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readStream(stream, from);
  }

  readAll(after: Position): AsyncIterable<readonly RecordedEvent[]> {
    return this.reads.readAll(after);
  }

  subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    this.reads.assertOpen();
    return follow(this.reads, this.followed, after, signal, this.patienceMs);
  }

  head(): Promise<Position> {
    return this.reads.head();
  }

  close(): Promise<void> {
    this.reads.close();
    this.followed.close();
    return Promise.resolve();
  }
}

class SharedLog extends SharedReader implements KurrentLog {
  private readonly appender: Appender;
  private closing: Promise<void> | undefined;

  constructor(
    connection: Connection,
    options: KurrentLogOptions,
    private readonly turns: RecordingTurns,
  ) {
    super(connection, options);
    const slot = new ClientSlot(connection, 'append', options.onReconnected ?? (() => undefined));
    this.appender = new Appender(slot, connection.hosts, this.reads, turns, options.patienceMs);
  }

  /** Time goes on from the last event. */
  async begin(): Promise<void> {
    const last = await this.reads.lastEvent();
    if (last) this.turns.saw(last);
  }

  append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    return this.appender.append(records, checks);
  }

  override async *readStream(stream: string, from?: Revision): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of super.readStream(stream, from)) {
      this.sawLast(page);
      yield page;
    }
  }

  override async *subscribe(after: Position, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const page of super.subscribe(after, signal)) {
      this.sawLast(page);
      yield page;
    }
  }

  override close(): Promise<void> {
    this.closing ??= this.appender.close().then(() => super.close());
    return this.closing;
  }

  private sawLast(page: readonly RecordedEvent[]): void {
    const last = page.at(-1);
    if (last) this.turns.saw(last);
  }
}

/** Sends an append without records: a server that knows the call says so, and one that is too old does not know it. */
async function assertUsable(connection: Connection, patienceMs?: number): Promise<void> {
  const slot = new ClientSlot(connection, 'append', () => undefined);
  const patience = new Outage(patienceMs).begin();
  try {
    for (;;) {
      const lease = await slot.take();
      const failure = await answered(lease.client.appendRecords([], []), answerMsMax).then(() => undefined, failureOf);
      if (!failure || failure.kind === 'violation') return;
      if (failure.kind === 'final') {
        if (failure.error instanceof LogMisuse) return;
        throw new LogUnusable(failure.error.message, { cause: failure.error });
      }
      if (patience.isOver)
        throw new LogUnusable(
          `no KurrentDB answers at ${connection.hosts} (${failure.reason}); start it or name another`,
        );
      slot.reconnect(lease, failure);
      await patience.pause();
    }
  } finally {
    slot.close();
  }
}

function unusable(error: unknown): unknown {
  if (error instanceof LogUnavailable) return new LogUnusable(messageOf(error), { cause: error });
  return error;
}
