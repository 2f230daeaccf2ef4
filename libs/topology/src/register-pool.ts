import { BaseCommand, defineCommand, type GenerationId, Is, outcome, type PoolId, subject } from '#kernel';
import { poolStream, registerPool } from './pool.js';
import { siteStream } from './site.js';

export class RegisterPool extends BaseCommand {
  @Is.Pool('FQDN of the Front End pool')
  readonly pool!: PoolId;

  @Is.Generation('the product generation it runs')
  readonly generation!: GenerationId;

  @Is.Site('the site it stands in')
  readonly site!: string;
}

export const registerPoolCommand = defineCommand(RegisterPool, {
  summary: 'Register a Front End pool',
  role: 'operator',
  example: { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' },
  subjects: ({ pool, site }) => [subject.pool(pool), subject.site(site)],
  handle: async (command, tx) => {
    const stream = poolStream(command.pool);
    return outcome(stream, registerPool(await tx.load(stream), command, await tx.load(siteStream(command.site))));
  },
});
