import { Refused } from '#kernel';
import { registerPool } from './pool.js';
import type { PoolId, SiteName } from '#kernel';

const wanted = { pool: 'pool13.contoso.com' as PoolId, generation: 'lync-2013', site: 'redmond' } as const;
const redmond = { site: 'Redmond' as SiteName };

test('given its site, when a pool is registered, then it stands in that site as first written', () => {
  expect(registerPool(null, wanted, redmond)).toEqual([
    { type: 'PoolRegistered', data: { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' } },
  ]);
});

test('given no such site, when a pool is registered, then topology.unknown-site', () => {
  const decision = registerPool(null, wanted, null);
  expect(decision).toBeInstanceOf(Refused);
  expect((decision as Refused).refusals.map(({ rule }) => rule)).toEqual(['topology.unknown-site']);
});
