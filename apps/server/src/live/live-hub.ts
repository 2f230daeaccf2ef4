import type { ServerResponse } from 'node:http';
import { type EventLogReader, type RecordedEvent, upcast } from '#event-log';
import type { EventCatalogue } from '#kernel';
import { Problem } from '../problems/problem.js';
import { type LiveMessage, LiveStream } from './live-stream.js';

const clientsMax = 1000;
const heartbeatMs = 15_000;
/** A client that missed more than this is told that everything may have changed. */
const resumedEventsMax = 20_000;
const subjectsMax = 500;

/** Everybody who follows `/api/live`. */
export class LiveHub {
  private readonly streams = new Map<LiveStream, () => Promise<boolean>>();
  private readonly heartbeat = setInterval(() => void this.beat(), heartbeatMs).unref();
  private closed = false;

  constructor(
    private readonly log: EventLogReader,
    private readonly catalogue: EventCatalogue,
  ) {}

  get clients(): number {
    return this.streams.size;
  }

  /** The views have come so far. */
  advanced(message: LiveMessage): void {
    for (const stream of this.streams.keys()) stream.advanced(message);
  }

  /** @throws {Problem} where there are too many already. */
  admit(): void {
    if (this.closed) throw new Problem('unavailable', 'the server is stopping', { retryAfterSeconds: 5 });
    if (this.streams.size >= clientsMax)
      throw new Problem('unavailable', `${clientsMax} clients follow the live stream already`, {
        retryAfterSeconds: 30,
      });
  }

  /** Serves a client until it leaves; `allowed` is asked at each heartbeat. The headers are sent already. */
  async serve(
    response: ServerResponse,
    resumeAfter: bigint | undefined,
    allowed: () => Promise<boolean>,
  ): Promise<void> {
    const stream = new LiveStream(response, resumeAfter ?? -1n);
    this.streams.set(stream, allowed);
    response.on('close', () => this.streams.delete(stream));
    response.on('error', () => this.streams.delete(stream));
    if (resumeAfter !== undefined) await this.resume(stream, resumeAfter);
    stream.caughtUp();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    for (const stream of this.streams.keys()) stream.end();
  }

  private async resume(stream: LiveStream, after: bigint): Promise<void> {
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
      await stream.missed({ position: last.position, subjects: this.subjectsOf(page) });
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
    for (const [stream, allowed] of this.streams) {
      stream.beat();
      // Whoever cannot be asked about now is sent away and told so when it comes again.
      if (!(await allowed().catch(() => false))) stream.end();
    }
  }
}
