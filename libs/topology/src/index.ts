import { anyCommand, type Context, describeEvents, subject } from '#kernel';
import { type PoolEvent, poolStream, unknownPool } from './pool.js';
import { registerPoolCommand } from './register-pool.js';
import { registerSiteCommand } from './register-site.js';
import { type SiteEvent, siteStream } from './site.js';

export { poolStream, siteStream, unknownPool };
export type { Pool } from './pool.js';
export type { Site } from './site.js';

export const topology: Context = {
  commands: [anyCommand(registerSiteCommand), anyCommand(registerPoolCommand)],
  events: describeEvents<SiteEvent | PoolEvent>({
    SiteRegistered: { schemaVersion: 1, subjects: ({ site }) => [subject.site(site)], say: ({ site }) => `registered the site ${site}` },
    PoolRegistered: {
      schemaVersion: 1,
      subjects: ({ pool, site }) => [subject.pool(pool), subject.site(site)],
      say: ({ pool, generation, site }) => `registered the ${generation} pool ${pool} in ${site}`,
    },
    PoolSealed: { schemaVersion: 1, subjects: ({ pool }) => [subject.pool(pool)], say: ({ pool }) => `sealed the pool ${pool}` },
    PoolUnsealed: { schemaVersion: 1, subjects: ({ pool }) => [subject.pool(pool)], say: ({ pool }) => `unsealed the pool ${pool}` },
  }),
};
