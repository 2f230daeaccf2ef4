import type { ClientId, PolicyId } from '#kernel';
import { accessOf, type AccessFacts, notReady } from './access.js';

const asked = (client: ClientId) => ({ user: 'sip:alice@contoso.com', client, deployment: 'chat13.contoso.com' });
const ready: AccessFacts = {
  user: { retired: false },
  deployment: { generation: 'lync-2013', status: 'sealed', legacyEndpoints: [] },
  home: { pool: 'pool13.contoso.com', generation: 'lync-2013' },
  effective: { policy: 'global' as PolicyId, enabled: true },
};

test('a ready user reaches a Lync 2013 deployment, also a sealed one', () => {
  expect(accessOf(asked('lync-2013'), ready)).toEqual({ reachable: true, refusals: [] });
});

test('every rule that says no is told with a sentence', () => {
  const { reachable, refusals } = accessOf(asked('group-chat-2010'), { ...ready, user: { retired: true } });
  expect(reachable).toBe(false);
  expect(refusals).toEqual([
    {
      rule: 'homing.user-retired',
      detail: 'sip:alice@contoso.com is retired; enrol the user again first',
    },
    {
      rule: 'client.no-legacy-endpoint',
      detail: 'chat13.contoso.com has no legacy endpoint, through which alone a Group Chat client reaches it',
    },
  ]);
});

test('the two reasons for not being ready are told apart', () => {
  const home = { pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2' } as const;
  const disabled = { policy: 'tag:Traders' as PolicyId, enabled: false };
  const rules = (...facts: [AccessFacts['home'], AccessFacts['effective']]) =>
    notReady('sip:alice@contoso.com', ...facts).map(({ rule }) => rule);
  expect(rules(ready.home, ready.effective)).toEqual([]);
  expect(rules(home, ready.effective)).toEqual(['client.not-homed-on-2013']);
  expect(rules(ready.home, disabled)).toEqual(['client.policy-disabled']);
  expect(rules(null, disabled)).toEqual(['client.not-homed-on-2013', 'client.policy-disabled']);
});
