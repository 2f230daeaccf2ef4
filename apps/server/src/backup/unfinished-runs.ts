import type { RecordedEvent } from '#event-log';
import type { RunEvent } from '#runs';

const over: ReadonlySet<string> = new Set<RunEvent['type']>(['RunFinished', 'RunStopped']);
const streamPrefix = 'run-';

/** The runs that are not over, as the events of a log tell: with the next start they go on, or stay paused until they are resumed. */
export class UnfinishedRuns {
  private readonly runs = new Set<string>();

  take({ stream, type }: Pick<RecordedEvent, 'stream' | 'type'>): void {
    if (!stream.startsWith(streamPrefix)) return;
    const run = stream.slice(streamPrefix.length);
    if (over.has(type)) this.runs.delete(run);
    else this.runs.add(run);
  }

  has(run: string): boolean {
    return this.runs.has(run);
  }
}
