import { BaseCommand, defineCommand, Is, outcome, type PoolId, subject } from '#kernel';
import { poolStream, unsealPool } from './pool.js';

export class UnsealPool extends BaseCommand {
  @Is.Pool('FQDN of the Front End pool')
  readonly pool!: PoolId;
}

export const unsealPoolCommand = defineCommand(UnsealPool, {
  summary: 'Unseal a pool: it takes users and deployments again',
  role: 'operator',
  example: { pool: 'pool13-tacoma.contoso.com' },
  subjects: ({ pool }) => [subject.pool(pool)],
  handle: async ({ pool }, tx) => {
    const stream = poolStream(pool);
    return outcome(stream, unsealPool(await tx.load(stream), pool));
  },
});
