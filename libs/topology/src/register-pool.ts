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
  example: { pool: 'pool13-tacoma.contoso.com', generation: 'lync-2013', site: 'Tacoma' },
  moreExamples: { legacy: { pool: 'lync10-tacoma.contoso.com', generation: 'lync-2010', site: 'Tacoma' } },
  subjects: ({ pool, site }) => [subject.pool(pool), subject.site(site)],
  handle: async (command, tx) => {
    const stream = poolStream(command.pool);
    return outcome(stream, registerPool(await tx.load(stream), command, await tx.load(siteStream(command.site))));
  },
});
