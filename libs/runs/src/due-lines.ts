import type { EventCatalogue } from '#kernel';
import { type EventLogReader, upcast } from '#event-log';
import { type RunAdvanced, runStream } from './run.js';

/** The file lines that the pass after `retries` earlier ones is to take among those that were reached before: what failed or was skipped. */
export async function dueLines(
  run: string,
  retries: number,
  log: EventLogReader,
  catalogue: EventCatalogue,
): Promise<ReadonlySet<number>> {
  const due = new Set<number>();
  const failed = new Set<number>();
  let passes = 0;
  for await (const page of log.readStream(runStream(run).name))
    for (const event of page) {
      if (event.type === 'RunRetried') {
        for (const line of failed) due.add(line);
        failed.clear();
        passes++;
        if (passes === retries) return due;
      }
      if (event.type !== 'RunAdvanced') continue;
      const { segments, rows } = upcast(catalogue, event) as unknown as RunAdvanced['data'];
      for (const { line } of rows) {
        due.delete(line);
        failed.add(line);
      }
      if (due.size > 0) for (const [, first, last] of segments) for (let n = first; n <= last; n++) due.delete(n);
    }
  throw new Error(`the run ${run} was not retried ${retries} times`);
}
