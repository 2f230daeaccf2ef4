import type { ServerResponse } from 'node:http';
import { type EventLogReader, type RecordedEvent, upcast } from '#event-log';
import type { EventCatalogue } from '#kernel';
import { malformed, Problem } from '../problems/problem.js';
import { shownTo } from './denied-subjects.js';
import { type LiveMessage, LiveStream } from './live-stream.js';

const clientsMax = 1000;
const heartbeatMs = 15_000;
/** A client that missed more than this is told that everything may have changed. */
const resumedEventsMax = 20_000;
const subjectsMax = 500;

/** Somebody who follows. */
export interface Follower {
  /** What was done in vain for want of a role is for auditors alone. */
  readonly isAuditor: boolean;
  /** Asked at each heartbeat. */
  readonly allowed: () => Promise<boolean>;
}

/** Everybody who follows `/api/live`. */
export class LiveHub {
  private readonly streams = new Map<LiveStream, Follower>();
  private readonly heartbeat = setInterval(() => void this.beat(), heartbeatMs).unref();
  private closed = false;

  constructor(
    private readonly log: EventLogReader,
    /** With the subjects of denied attempts marked. */
    private readonly catalogue: EventCatalogue,
  ) {}

  get clients(): number {
    return this.streams.size;
  }

  /** The views have come so far. */
  advanced(message: LiveMessage): void {
    for (const [stream, { isAuditor }] of this.streams) stream.advanced(shownTo(isAuditor, message));
  }

  /** Something that has no place in the log, for whoever follows now: an event with a name and no id. */
  tell(event: string, data: object): void {
    for (const stream of this.streams.keys()) stream.tell(event, data);
  }

  /** @throws {Problem} where there are too many already, or the position to resume after has not come yet */
  async admit(resumeAfter: bigint | undefined): Promise<void> {
    if (this.closed) throw new Problem('unavailable', 'the server is stopping', { retryAfterSeconds: 5 });
    if (this.streams.size >= clientsMax)
      throw new Problem('unavailable', `${clientsMax} clients follow the live stream already`, {
        retryAfterSeconds: 30,
      });
    if (resumeAfter === undefined) return;
    const head = await this.log.head();
    const last = head < 0n ? 0n : head;
    if (resumeAfter > last)
      throw malformed({ field: 'Last-Event-ID', message: `must be a position in the log; its last one is ${last}` });
  }

  /** Serves a client until it leaves. The headers are sent already. */
  async serve(response: ServerResponse, resumeAfter: bigint | undefined, follower: Follower): Promise<void> {
    const stream = new LiveStream(response, resumeAfter ?? -1n);
    this.streams.set(stream, follower);
    response.on('close', () => this.streams.delete(stream));
    response.on('error', () => this.streams.delete(stream));
    if (resumeAfter !== undefined) await this.resume(stream, resumeAfter, follower);
    stream.caughtUp();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    for (const stream of this.streams.keys()) stream.end();
  }

  private async resume(stream: LiveStream, after: bigint, { isAuditor }: Follower): Promise<void> {
    let events = 0;
    for await (const page of this.log.readAll(after)) {
      if (stream.ended) return;
      const last = page.at(-1);
      if (!last) continue;
      events += page.length;
      if (events > resumedEventsMax) {
        await stream.missed({ position: await this.log.head(), subjects: ['estate'] });
        return;
      }
      await stream.missed(shownTo(isAuditor, { position: last.position, subjects: this.subjectsOf(page) }));
    }
  }

  private subjectsOf(events: readonly RecordedEvent[]): readonly string[] {
    const subjects = new Set<string>();
    for (const event of events) {
      const descriptor = Object.hasOwn(this.catalogue, event.type) ? this.catalogue[event.type] : undefined;
      if (!descriptor || descriptor.internal) continue;
      for (const subject of descriptor.subjects(upcast(this.catalogue, event))) subjects.add(subject);
      if (subjects.size > subjectsMax) return ['estate'];
    }
    return [...subjects];
  }

  private async beat(): Promise<void> {
    for (const [stream, { allowed }] of this.streams) {
      stream.beat();
      // Whoever cannot be asked about now is sent away and told so when it comes again.
      if (!(await allowed().catch(() => false))) stream.end();
    }
  }
}
