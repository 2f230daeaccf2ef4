import { createHash } from 'node:crypto';
import { type Actor, write } from '#kernel';
import type { CommandShell, RestsOn } from '#event-log';
import { type PlannedRow, plannedStream } from './planned-rows.js';

/** Characters of rows that one event may say, so that few events hold many rows and every one stays far below what an event may have. */
const chunkCharactersMax = 96_000;

/** Records the rows of a plan as they are decided, some at a time, and keeps nothing of them but their hash. */
export class RowChunks {
  private rows: PlannedRow[] = [];
  private streams = new Map<string, number>();
  private readings: [string, string | null][] = [];
  private characters = 0;
  private readonly hash = createHash('sha256');
  private written: Promise<void> = Promise.resolve();

  constructor(
    private readonly shell: CommandShell,
    private readonly actor: Actor,
    private readonly plan: string,
    private readonly meta: string,
  ) {}

  /** Takes a row. To be waited for where it answers a promise: the one before the last full chunk is not on disk yet. */
  add(
    row: Omit<PlannedRow, 'on' | 'into'>,
    restsOn: readonly RestsOn[],
    into: string | undefined,
  ): Promise<void> | undefined {
    const characters = charactersIn(row);
    const isFull = this.rows.length > 0 && this.characters + characters > chunkCharactersMax;
    const waits = isFull ? this.flush() : undefined;
    const on = restsOn.map((each) => this.indexOf(each));
    this.rows.push({ ...row, on, ...(into !== undefined && { into: this.streams.get(into) }) });
    this.characters += characters;
    return waits;
  }

  /** Everything is on disk; the hash of all rows and then of this text. */
  async finish(header: string): Promise<string> {
    if (this.rows.length > 0) await this.flush();
    await this.written;
    return this.hash.update(header).digest('hex');
  }

  private indexOf({ stream, read }: RestsOn): number {
    const known = this.streams.get(stream);
    if (known !== undefined) return known;
    const index = this.readings.length;
    this.streams.set(stream, index);
    this.readings.push([stream, read === null ? null : `${read}`]);
    this.characters += stream.length + 20;
    return index;
  }

  private async flush(): Promise<void> {
    const { plan, rows, readings: streams } = this;
    this.rows = [];
    this.readings = [];
    this.streams = new Map();
    this.characters = 0;
    await this.written;
    this.written = this.append({ plan, rows, streams });
    // Whoever waits for it next hears of it.
    this.written.catch(() => undefined);
  }

  private async append(data: {
    readonly plan: string;
    readonly rows: readonly PlannedRow[];
    readonly streams: readonly (readonly [string, string | null])[];
  }): Promise<void> {
    const { value: stored } = await this.shell.batch(this.actor, async (unit) => {
      await unit.record(write(plannedStream(this.plan), { type: 'RowsPlanned', data }), this.meta);
      return unit.pending.at(-1)?.record.data ?? '';
    });
    this.hash.update(stored);
  }
}

/** About as many as the value's JSON has: escapes aside, of which texts have few. */
function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  let characters = 2;
  if (Array.isArray(value)) for (const element of value) characters += charactersIn(element);
  else
    for (const name in value)
      characters += name.length + 4 + charactersIn((value as Readonly<Record<string, unknown>>)[name]);
  return characters;
}
