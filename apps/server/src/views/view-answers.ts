import type { EventLogReader } from '#event-log';
import type { Role } from '#kernel';
import { eventCounts, type EventCount, FutureMoment, type ViewAnswer, type Views } from '#views';
import { logViews, storedViews } from './all-views.js';
import { type TroubleOf, withCauses } from '../runs/stuck-runs.js';
import type { AnyView, MomentQuery } from './any-view.js';
import { EventCounter } from './event-counter.js';
import { projectionsAnswer, projectionsView } from './projections-view.js';
import type { ViewRequest } from './view-request.js';

/** Every view there is, as routes and OpenAPI take it. */
export const allViews: readonly AnyView[] = [...storedViews, ...logViews, projectionsView];

/** Asks whoever knows: the read models, the log, or the projections themselves. */
export class ViewAnswers {
  private readonly fromLog = new Map(logViews.map((definition) => [definition.path, definition]));
  private readonly counter: EventCounter;

  constructor(
    private readonly views: Views,
    private readonly log: EventLogReader,
    private readonly troubleOf: TroubleOf,
  ) {
    this.counter = new EventCounter(log, (position) => this.tallied(position));
  }

  async query(path: string, request: ViewRequest & { readonly roles: readonly Role[] }): Promise<ViewAnswer> {
    const definition = this.fromLog.get(path);
    if (!definition && path !== projectionsView.path) {
      const answer = await this.views.query(path, request);
      return request.asOf ? answer : { ...answer, body: withCauses(path, answer.body, this.troubleOf) };
    }
    if (request.after !== undefined) await this.views.reached(request.after);
    const moment = await this.momentOf(request);
    const { input, limit, cursor, roles } = request;
    const body = definition
      ? await definition.run(this.log, { ...moment, input, limit, cursor, roles }, (position) =>
          this.counter.countAt(position),
        )
      : await projectionsAnswer(this.views, moment.at, { limit, cursor });
    return { position: BigInt(Math.max(moment.at, 0)), body };
  }

  /** Of the log itself: its end, or the moment asked about. */
  private async momentOf({ asOf }: ViewRequest): Promise<MomentQuery> {
    const head = await this.log.head();
    const now = new Date().toISOString();
    if (asOf === undefined) return { at: Number(head), instant: now };
    if ('position' in asOf) {
      if (asOf.position > (head < 0n ? 0n : head))
        throw new FutureMoment(`position ${asOf.position} is not in the log yet; its last one is ${head}`);
      return { at: Number(asOf.position), instant: now };
    }
    return { at: Number(await this.views.positionOf(asOf)), instant: asOf.instant };
  }

  private async tallied(position: number): Promise<EventCount> {
    // A timeline that is behind knows of less: that costs time, and nothing else.
    const asked = { input: { position: `${position}` }, evenUnmade: true };
    const { body } = await this.views.query(eventCounts.path, asked);
    return body as EventCount;
  }
}
