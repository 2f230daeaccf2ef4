import type { EventLogReader } from '#event-log';
import type { RegisteredPools } from '#runs';
import type { Views } from '#views';

const pagesMax = 200;

/** Every registered pool's FQDN, from the view that has seen the log's end. */
export function registeredPools(views: Views, log: EventLogReader): RegisteredPools {
  return async () => {
    const pools: string[] = [];
    const after = await log.head();
    let cursor: string | undefined;
    for (let page = 0; page < pagesMax; page++) {
      const { body } = await views.query('/api/pools', { input: {}, limit: 500, cursor, after });
      const { items, next } = body as { items: readonly { readonly pool: string }[]; next: string | null };
      for (const { pool } of items) pools.push(pool);
      if (next === null) return pools;
      cursor = next;
    }
    throw new Error(`more than ${pagesMax * 500} pools are registered`);
  };
}
