import { canonicalJson, type EventCatalogue, type Refusal } from '#kernel';
import type { Decided, EventLogReader, Pending, RecordedEvent, RestsOn, Revision } from '#event-log';
import type { Row, RowGuard, RunKind } from '#runs';
import { type Changed, isContent, noteChange, ofStream, touching } from './content-moved.js';
import { planMade } from './plan-made.js';
import { type PlannedEvent, type PlannedRow, readPlanned, restsOn, type RowsPlanned } from './planned-rows.js';
import { RowForm, rowsKept } from './rows.js';

interface Expected {
  readonly row: PlannedRow;
  readonly restsOn: readonly RestsOn[];
  readonly chunk: Pick<RowsPlanned['data'], 'streams'>;
}

/** What a row would record, as a plan keeps and compares it: no bookkeeping, nothing that exists only once it is recorded. */
export function plannedEventsOf(catalogue: EventCatalogue, pending: readonly Pending[]): readonly PlannedEvent[] {
  return pending
    .filter(({ internal }) => !internal)
    .map(({ record: { type }, data }) => ({ type, data: catalogue[type]?.planned?.(data) ?? data }));
}

/**
 * Lets a run do the rows of a plan only as they were planned: with the same events, and on the same revisions, events that this very run
 * has added aside. Content may have moved where it is not what the row is about.
 */
export class PlannedGuard implements RowGuard {
  private readonly rows: AsyncGenerator<Expected, undefined, undefined>;
  private readonly expected = new Map<number, Expected>();
  private read = 0;
  /** How far each stream was read beyond its planned revision. */
  private readonly seen = new Map<string, Revision>();
  /** Streams that others have moved; of content, what they have changed in it. */
  private readonly foreign = new Map<string, Changed>();

  constructor(
    private readonly log: EventLogReader,
    private readonly catalogue: EventCatalogue,
    private readonly plan: string,
    private readonly run: string,
  ) {
    this.rows = expectedRows(log, catalogue, plan);
  }

  async *decided(kind: RunKind): AsyncGenerator<readonly Row[]> {
    const { log, catalogue, plan } = this;
    const { columns } = await planMade(log, catalogue, plan);
    yield* rowsKept(new RowForm(kind, columns), readPlanned(log, catalogue, plan));
  }

  async prepare(rows: readonly Row[]): Promise<void> {
    const wanted = new Set(rows.map(({ number }) => number));
    const first = rows[0]?.number ?? 1;
    const last = rows.at(-1)?.number ?? 0;
    while (this.read < last) {
      const { value } = await this.rows.next();
      if (!value) throw new Error(`the plan has ${this.read} rows to do, and its run ${last}`);
      this.read++;
      if (wanted.has(this.read)) this.expected.set(this.read, value);
    }
    for (const number of this.expected.keys())
      if (number < first) this.expected.delete(number);
      else break;
  }

  decidedOf({ number }: Row): Decided | undefined {
    const { row, restsOn, chunk } = this.expectedOf(number);
    if (row.into === undefined) return undefined;
    const [stream] = chunk.streams[row.into] ?? [];
    if (stream === undefined)
      throw new Error(`a planned row writes to the stream ${row.into} of ${chunk.streams.length}`);
    const events = (row.events ?? []).map(({ type, data }) => ({ type, data, text: canonicalJson(data) }));
    return { stream, events, restsOn };
  }

  async refusals(
    { number }: Row,
    restsOn: readonly RestsOn[],
    events: readonly Pending[],
  ): Promise<readonly Refusal[] | undefined> {
    const planned = this.expectedOf(number);
    const moved = await this.moved(planned, restsOn);
    if (moved.length > 0) return [movedRefusal(`${moved.join(', ')} moved after the plan was made`, moved)];
    return recordedText(this.catalogue, events) === plannedText(planned)
      ? undefined
      : [movedRefusal('it would no longer come to what was planned', [])];
  }

  private expectedOf(number: number): Expected {
    const expected = this.expected.get(number);
    if (!expected) throw new Error(`the row ${number} was not prepared`);
    return expected;
  }

  /** What others have moved. */
  private async moved({ row, restsOn }: Expected, now: readonly RestsOn[]): Promise<readonly string[]> {
    const planned = new Map(restsOn.map(({ stream, read }) => [stream, read]));
    const moved: string[] = [];
    for (const { stream, read } of now) {
      const before = planned.get(stream);
      if (before !== undefined && (await this.isOwn(stream, before, read))) continue;
      const changed = before === undefined ? undefined : this.foreign.get(stream);
      if (!changed || !isContent(stream) || changed.has(ofStream(stream))) moved.push(ofStream(stream));
      else moved.push(...touching(this.catalogue, row, changed));
    }
    return moved;
  }

  /** Whether all that was added to a stream after one revision and up to another one is this run's. */
  private async isOwn(stream: string, before: Revision | null, now: Revision | null): Promise<boolean> {
    const from = before ?? -1n;
    const to = now ?? -1n;
    let seen = this.seen.get(stream) ?? from;
    if (seen < to && (isContent(stream) || !this.foreign.has(stream)))
      for await (const page of this.log.readStream(stream, seen + 1n)) {
        for (const event of page) {
          if (event.revision > to) break;
          if (event.meta.causationId !== this.run) this.noteForeign(event);
          seen = event.revision;
        }
        if (seen >= to) break;
      }
    this.seen.set(stream, seen);
    return seen >= to && !this.foreign.has(stream);
  }

  private noteForeign(event: RecordedEvent): void {
    const changed = this.foreign.get(event.stream) ?? new Map<string, string>();
    this.foreign.set(event.stream, changed);
    if (isContent(event.stream)) noteChange(changed, this.catalogue, event);
  }
}

function movedRefusal(what: string, moved: readonly string[]): Refusal {
  return { rule: 'plan.moved', detail: `${what}; make a fresh plan and look at it again`, moved };
}

async function* expectedRows(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: string,
): AsyncGenerator<Expected, undefined, undefined> {
  for await (const chunk of readPlanned(log, catalogue, plan))
    for (const row of chunk.rows) if (row.outcome === 'done') yield { row, restsOn: restsOn(chunk, row), chunk };
  return undefined;
}

function plannedText({ row: { events = [] } }: Expected): string {
  return events.map(({ type, data }) => `${type} ${canonicalJson(data)}`).join('\n');
}

/** The same of what was decided now; its data is canonical already. */
function recordedText(catalogue: EventCatalogue, pending: readonly Pending[]): string {
  return pending
    .filter(({ internal }) => !internal)
    .map(({ record: { type, data: text }, data }) => {
      const planned = catalogue[type]?.planned?.(data);
      return `${type} ${planned ? canonicalJson(planned) : text}`;
    })
    .join('\n');
}
