import { BaseCommand, defineCommand, Is, outcome, type PoolId, subject } from '#kernel';
import { poolStream, unknownPool } from '#topology';
import { decommissionPool, settled } from './decommissioning.js';
import { gatesStream } from './gate-records.js';
import { gatesOf, poolGates } from './gates.js';

export class DecommissionPool extends BaseCommand {
  @Is.Pool('FQDN of the legacy Front End pool')
  readonly pool!: PoolId;
}

export const decommissionPoolCommand = defineCommand(DecommissionPool, {
  summary: 'Decommission a legacy Front End pool',
  role: 'approver',
  example: { pool: 'lync10-tacoma.contoso.com' },
  subjects: ({ pool }) => [subject.pool(pool)],
  handle: async ({ pool }, tx) => {
    const stream = poolStream(pool);
    const state = await tx.load(stream);
    const early = settled(pool, state, unknownPool(pool));
    if (early) return outcome(stream, early);
    const records = await tx.load(gatesStream(subject.pool(pool)));
    // The seal is the door: nobody is homed on a sealed pool, and a pool that is not sealed is refused whatever the counts.
    const facts = {
      pool,
      sealed: state?.status === 'sealed',
      usersHomed: await tx.counting.usersHomed(pool),
      deploymentsHomed: await tx.counting.deploymentsHomed(pool),
    };
    return outcome(stream, decommissionPool(pool, facts, gatesOf(poolGates, facts, records, tx.now)));
  },
});
