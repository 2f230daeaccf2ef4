import type { Counting, Role } from '#kernel';
import { CountingViews, countingDefinitions } from '../estate/counting.js';
import { ViewsBusy, WrongMoment } from '../errors.js';
import type { Moment, ViewBody, ViewDefinition } from '../view.js';
import { Arrivals } from './arrivals.js';
import type { Gauges } from './gauges.js';
import type { Files, FromReader, Port, ToReader } from './messages.js';
import { Past } from './past.js';
import { Questions } from './questions.js';

const queriesMax = 256;

export interface ViewRequest {
  /** Path and query parameters, parsed. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly roles?: readonly Role[];
  readonly asOf?: Moment | undefined;
  /** Wait until the view has seen this position. */
  readonly after?: bigint | undefined;
  /** Answer for what there is, also where the view is still being made. */
  readonly evenUnmade?: boolean;
}

export interface ViewAnswer {
  /** Nothing after it is in the answer, everything up to it is. 0n is the empty world's. */
  readonly position: bigint;
  /** Undefined: there is no such thing. */
  readonly body: ViewBody;
}

interface Surroundings {
  readonly definitions: readonly ViewDefinition[];
  readonly gauges: Gauges;
  /** The log's last position. */
  readonly head: () => Promise<bigint>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly reader: Port<FromReader, ToReader>;
}

/** What is asked of the views: when it can be answered, as of which position, and then by the thread that reads. */
export class Queries {
  private readonly byPath: ReadonlyMap<string, ViewDefinition>;
  private readonly now: () => number;
  private readonly reader: Questions<ToReader>;
  private readonly arrivals: Arrivals;
  private readonly past: Past;
  /** Counts what is asked: a rebuild steps back where much is. */
  private readonly counted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor({ definitions, gauges, head, now, reader }: Surroundings) {
    this.byPath = new Map([...definitions, ...countingDefinitions].map((each) => [each.path, each]));
    this.now = now;
    this.reader = new Questions<ToReader>(reader);
    this.arrivals = new Arrivals(gauges, head);
    this.past = new Past({
      gauges,
      arrivals: this.arrivals,
      head,
      now,
      positionAt: (instant) => this.ask(() => this.reader.ask<number>({ kind: 'moment', instant })),
    });
  }

  get pulse(): SharedArrayBuffer {
    return this.counted.buffer;
  }

  /**
   * @throws {FutureMoment} {@link WrongMoment} {@link NotReached} {@link ViewNotMade} {@link ViewsBusy} {@link BadCursor}
   */
  async query(path: string, request: ViewRequest): Promise<ViewAnswer> {
    const definition = this.byPath.get(path);
    if (!definition) throw new Error(`no view is called ${path}`);
    const { after } = request;
    const { projections } = definition;
    if (after !== undefined) await this.arrivals.reach(projections, after);
    const { from, to } = definition.moments?.(request.input) ?? {};
    if (to && request.asOf) throw new WrongMoment('stands in the place of asOf: give one of them', 'to');
    const asOf = request.asOf ?? to;
    if (!asOf && !request.evenUnmade) await this.arrivals.made(projections);
    if (from) await this.past.check(from, 'from');
    if (asOf) await this.past.check(asOf, to ? 'to' : 'asOf');
    const instant = asOf && 'instant' in asOf ? asOf.instant : asOf ? null : new Date(this.now()).toISOString();
    const at = asOf ? Number(await this.past.positionOf(asOf, projections)) : this.arrivals.lowest(projections);
    const { input, limit = 50, cursor, roles = [] } = request;
    const question = { kind: 'query', path, at, instant, input, limit, cursor, roles } as const;
    const body = await this.ask(() => this.reader.ask<ViewBody>(question));
    return { position: at < 0 ? 0n : BigInt(at), body };
  }

  /** The last position of a moment; waits for nothing but what tells which that is. @throws {FutureMoment} {@link NotReached} */
  async positionOf(asOf: Moment): Promise<bigint> {
    await this.past.check(asOf, 'asOf');
    return 'position' in asOf ? asOf.position : await this.past.positionOf(asOf, []);
  }

  /** Waits until these projections have the position. @throws {NotReached} after 2 s. */
  async reached(projections: readonly string[], position: bigint): Promise<void> {
    await this.arrivals.reach(projections, position);
  }

  /** Counts for commands: each waits until the views have what was in the log at the call. @throws {NotReached} after 2 s. */
  counting(head: () => Promise<bigint>): Counting {
    return new CountingViews(async (path, input) => {
      const definition = this.byPath.get(path);
      await this.arrivals.reach(definition?.projections ?? [], await head());
      return (await this.query(path, { input })).body;
    });
  }

  /** Reads these files from now on. */
  attach(files: Files): Promise<void> {
    return this.reader.ask({ kind: 'attach', files });
  }

  /** No more answers come. */
  end(error: Error): void {
    this.reader.end(error);
  }

  /** A bounded number at a time. */
  private ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.reader.count >= queriesMax) return Promise.reject(new ViewsBusy(queriesMax));
    Atomics.add(this.counted, 0, 1);
    return question();
  }
}
