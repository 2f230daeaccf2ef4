import { setTimeout as sleep } from 'node:timers/promises';
import { beforeFirst, type EventLogReader, type Position, type RecordedEvent } from '#event-log';

const pageEvents = 7;
const step = 3n;

/** A log for specs: in memory, written at will, its positions not dense, its pages small. */
export class MemoryLog implements EventLogReader {
  readonly events: RecordedEvent[] = [];
  /** ms since 1970 of the next event. */
  clock = Date.UTC(2013, 4, 3);

  /** The position of what was recorded. */
  record(type: string, data: object, stream = 'spec', schemaVersion = 1): Position {
    const position = (this.events.at(-1)?.position ?? 0n) + step;
    const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
    const actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
    this.events.push({
      id,
      type,
      schemaVersion,
      stream,
      revision: BigInt(this.events.filter((event) => event.stream === stream).length),
      position,
      recordedAt: new Date(this.clock).toISOString(),
      data: data as RecordedEvent['data'],
      meta: {
        actor,
        command: type,
        reason: null,
        ticket: null,
        commandId: id,
        correlationId: id,
        causationId: id,
        client: { ip: null, agent: null },
      },
      text: '',
    });
    return position;
  }

  async *readStream(stream: string): AsyncGenerator<readonly RecordedEvent[]> {
    const page = this.events.filter((event) => event.stream === stream);
    if (page.length > 0) yield page;
  }

  async *readAll(after: Position): AsyncGenerator<readonly RecordedEvent[]> {
    const rest = this.events.filter(({ position }) => position > after);
    for (let from = 0; from < rest.length; from += pageEvents) yield rest.slice(from, from + pageEvents);
  }

  async *subscribe(after: Position, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    for (let from = after; !signal.aborted;) {
      const page = this.events.filter(({ position }) => position > from).slice(0, pageEvents);
      from = page.at(-1)?.position ?? from;
      if (page.length > 0) yield page;
      else await sleep(2);
    }
  }

  head(): Promise<Position> {
    return Promise.resolve(this.events.at(-1)?.position ?? beforeFirst);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
