import {
  type Appended,
  beforeFirst,
  type Check,
  type Conflict,
  type EventLog,
  LogMisuse,
  type NewRecord,
  parseStored,
  type Position,
  type RecordedEvent,
  type Revision,
  storedText,
} from '#event-log';

export interface MemoryLogOptions {
  /** UTC, ISO 8601, milliseconds. */
  readonly clock?: () => string;
  /** Awaited before each read and each append, so that others come in between. */
  readonly pause?: () => Promise<void>;
}

const pageSizeMax = 256;

/** The port in memory, for specs: nothing is durable, everything else is as promised. Positions are not dense, on purpose. */
export class MemoryLog implements EventLog {
  private readonly events: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly clock: () => string;
  private readonly pause: () => Promise<void>;
  private lastRecordedAt = '';

  constructor({ clock = () => new Date().toISOString(), pause = () => Promise.resolve() }: MemoryLogOptions = {}) {
    this.clock = clock;
    this.pause = pause;
  }

  async append(records: readonly NewRecord[], checks: readonly Check[]): Promise<Appended | Conflict> {
    await this.pause();
    const written = new Set(records.map(({ stream }) => stream));
    for (const stream of written)
      if (!checks.some((check) => check.stream === stream && check.expect !== 'exists'))
        throw new LogMisuse(`${stream} is written without an exact check`);
    const conflicts = checks
      .map(({ stream, expect }) => ({ stream, expect, actual: this.revisionOf(stream) }))
      .filter(({ expect, actual }) => (expect === 'exists' ? actual === 'no-stream' : expect !== actual));
    if (conflicts.length > 0) return { conflicts };
    const now = this.clock();
    const recordedAt = now > this.lastRecordedAt ? now : this.lastRecordedAt;
    this.lastRecordedAt = recordedAt;
    const appended = records.map((record) => this.record(record, recordedAt));
    return {
      positions: appended.map(({ position }) => position),
      revisions: appended.map(({ revision }) => revision),
      recordedAt,
    };
  }

  async *readStream(stream: string, from: Revision = 0n): AsyncIterable<readonly RecordedEvent[]> {
    await this.pause();
    yield* pages((this.streams.get(stream) ?? []).slice(Number(from)));
  }

  async *readAll(after: Position): AsyncIterable<readonly RecordedEvent[]> {
    await this.pause();
    yield* pages(this.events.slice(this.events.findLastIndex(({ position }) => position <= after) + 1));
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    let seen = after;
    while (!signal.aborted) {
      for await (const page of this.readAll(seen)) {
        yield page;
        seen = page.at(-1)?.position ?? seen;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async head(): Promise<Position> {
    return this.events.at(-1)?.position ?? beforeFirst;
  }

  async close(): Promise<void> {}

  /** Everything recorded, in order. */
  get recorded(): readonly RecordedEvent[] {
    return this.events;
  }

  private revisionOf(stream: string): Revision | 'no-stream' {
    return this.streams.get(stream)?.at(-1)?.revision ?? 'no-stream';
  }

  private record(record: NewRecord, recordedAt: string): RecordedEvent {
    const stream = this.streams.get(record.stream) ?? [];
    const position = BigInt(this.events.length * 3 + 1);
    const event = parseStored(storedText(record, BigInt(stream.length), recordedAt), position);
    stream.push(event);
    this.streams.set(record.stream, stream);
    this.events.push(event);
    return event;
  }
}

function* pages(events: readonly RecordedEvent[]): Iterable<readonly RecordedEvent[]> {
  for (let from = 0; from < events.length; from += pageSizeMax) yield events.slice(from, from + pageSizeMax);
}
