import { given, happened } from '../../kernel/src/testing.js';
import { poolStream } from './pool.js';
import { registerPoolCommand } from './register-pool.js';
import { sealPoolCommand } from './seal-pool.js';
import { siteStream } from './site.js';
import { unsealPoolCommand } from './unseal-pool.js';

const redmond = happened(siteStream('Redmond'), { type: 'SiteRegistered', data: { site: 'Redmond' } });
const moscow = happened(siteStream('Moscow'), { type: 'SiteRegistered', data: { site: 'Moscow' } });
const pool = 'ocs01.contoso.com';
const registered = { type: 'PoolRegistered', data: { pool, generation: 'ocs-2007-r2', site: 'Redmond' } };
const sealed = { type: 'PoolSealed', data: { pool } };
const unsealed = { type: 'PoolUnsealed', data: { pool } };
const decommissioned = { type: 'PoolDecommissioned', data: { pool, gates: [] } };
const pools = (...events: { type: string; data: object }[]) => happened(poolStream(pool), registered, ...events);
const wanted = { pool, generation: 'ocs-2007-r2', site: 'redmond' };

describe('RegisterPool', () => {
  test('given its site, when a pool is registered, then it stands in that site as first written', async () => {
    const told = await given(redmond).when(registerPoolCommand, { ...wanted, pool: 'OCS01.Contoso.com' });
    expect(told.events).toEqual([registered]);
    expect(told.rested).toEqual(['pool-ocs01.contoso.com', 'site-redmond']);
  });

  test('given the pool, when it is registered the same again, then unchanged', async () => {
    expect((await given(redmond, pools()).when(registerPoolCommand, wanted)).outcome).toBe('unchanged');
    expect((await given(redmond, pools(sealed, decommissioned)).when(registerPoolCommand, wanted)).outcome).toBe(
      'unchanged',
    );
  });

  test.each([
    ['no such site', { ...wanted, pool: 'new.contoso.com', site: 'Nowhere' }, ['topology.unknown-site']],
    ['another generation', { ...wanted, generation: 'lync-2010' }, ['topology.registered-otherwise']],
    ['another site', { ...wanted, site: 'Moscow' }, ['topology.registered-otherwise']],
    ['an unknown site for a known pool', { ...wanted, site: 'Nowhere' }, ['topology.unknown-site']],
    [
      'an unknown site and another generation',
      { ...wanted, generation: 'lync-2010', site: 'Nowhere' },
      ['topology.unknown-site', 'topology.registered-otherwise'],
    ],
  ])('given %s, when it is registered, then the rules say so', async (_, fields, rules) => {
    expect((await given(redmond, moscow, pools()).when(registerPoolCommand, fields)).rules).toEqual(rules);
  });
});

describe('SealPool and UnsealPool', () => {
  test('given an active pool, when it is sealed and unsealed, then it is sealed and active', async () => {
    const story = given(pools());
    expect((await story.when(sealPoolCommand, { pool })).events).toEqual([sealed]);
    expect(story.state(poolStream(pool))).toMatchObject({ status: 'sealed' });
    expect((await story.when(unsealPoolCommand, { pool })).events).toEqual([unsealed]);
    expect(story.state(poolStream(pool))).toMatchObject({ status: 'active' });
  });

  test('given it is so already, then unchanged', async () => {
    expect((await given(pools(sealed)).when(sealPoolCommand, { pool })).outcome).toBe('unchanged');
    expect((await given(pools()).when(unsealPoolCommand, { pool })).outcome).toBe('unchanged');
  });

  test.each([sealPoolCommand, unsealPoolCommand])(
    'given no such pool, then $name is topology.unknown-pool',
    async (command) => {
      expect((await given().when(command, { pool })).rules).toEqual(['topology.unknown-pool']);
    },
  );

  test.each([sealPoolCommand, unsealPoolCommand])(
    'given a decommissioned pool, then $name is topology.pool-decommissioned',
    async (command) => {
      const story = given(pools(sealed, decommissioned));
      expect((await story.when(command, { pool })).rules).toEqual(['topology.pool-decommissioned']);
      expect(story.state(poolStream(pool))).toMatchObject({ status: 'decommissioned' });
    },
  );
});
