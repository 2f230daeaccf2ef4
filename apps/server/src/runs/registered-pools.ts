import type { EventLogReader } from '#event-log';
import type { RegisteredPools } from '#runs';
import type { Views } from '#views';
import { everyPage } from '../views/every-item.js';

/** Every registered pool's FQDN, from the view that has seen the log's end. */
export function registeredPools(views: Views, log: EventLogReader): RegisteredPools {
  return async () => {
    const pools: string[] = [];
    const asked = { input: {}, after: await log.head() };
    for await (const page of everyPage<{ readonly pool: string }>(views, '/api/pools', asked))
      for (const { pool } of page) pools.push(pool);
    return pools;
  };
}
