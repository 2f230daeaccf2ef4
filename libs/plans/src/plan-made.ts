import type { EventCatalogue } from '#kernel';
import { type EventLogReader, upcast } from '#event-log';
import { type PlanMade, planStream } from './plan.js';

/** What was said of a plan when it was made. */
export async function planMade(
  log: EventLogReader,
  catalogue: EventCatalogue,
  plan: string,
): Promise<PlanMade['data']> {
  for await (const page of log.readStream(planStream(plan).name))
    for (const event of page)
      if (event.type === 'PlanMade') return upcast(catalogue, event) as unknown as PlanMade['data'];
  throw new Error(`there is no plan ${plan}`);
}
