import { BaseCommand, defineCommand, Is, outcome, type PoolId, subject } from '#kernel';
import { poolStream, sealPool } from './pool.js';

export class SealPool extends BaseCommand {
  @Is.Pool('FQDN of the Front End pool')
  readonly pool!: PoolId;
}

export const sealPoolCommand = defineCommand(SealPool, {
  summary: 'Seal a pool: it takes no users and no deployments from now on',
  role: 'operator',
  example: { pool: 'pool13-tacoma.contoso.com' },
  moreExamples: { legacy: { pool: 'lync10-tacoma.contoso.com' } },
  subjects: ({ pool }) => [subject.pool(pool)],
  handle: async ({ pool }, tx) => {
    const stream = poolStream(pool);
    return outcome(stream, sealPool(await tx.load(stream), pool));
  },
});
