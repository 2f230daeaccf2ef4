import { policyStream } from '#policy';
import { given, happened } from '../../kernel/src/testing.js';
import { alice, aliceWith, granted, policyOf, retired, revoked } from './estate.testing.js';
import { grantPolicyCommand } from './grant-policy.js';
import { revokePolicyCommand } from './revoke-policy.js';
import { userStream } from './user.js';

const traders = policyOf('tag:Traders', false);
const brokers = policyOf('tag:Brokers', true);

describe('GrantPolicy', () => {
  test('given a policy, when it is granted, then under its first spelling, and it rests on the policy', async () => {
    const told = await given(traders, aliceWith()).when(grantPolicyCommand, { user: alice, policy: 'TAG:traders' });
    expect(told.events).toEqual([granted('tag:Traders')]);
    expect(told.rested).toEqual(['policy-tag:traders', `user-${alice}`]);
  });

  test('given the user holds it, then unchanged; another one replaces it directly', async () => {
    const story = given(traders, brokers, aliceWith(granted('tag:Traders')));
    expect((await story.when(grantPolicyCommand, { user: alice, policy: 'tag:traders' })).outcome).toBe('unchanged');
    expect((await story.when(grantPolicyCommand, { user: alice, policy: 'tag:brokers' })).events).toEqual([
      granted('tag:Brokers'),
    ]);
    expect(story.state(userStream(alice))).toMatchObject({ granted: 'tag:Brokers' });
  });

  test.each([
    ['an unknown user', [], 'tag:traders', ['homing.unknown-user']],
    ['a retired user', [aliceWith(retired)], 'tag:traders', ['homing.user-retired']],
    ['an unknown policy', [aliceWith()], 'tag:nobody', ['policy.unknown']],
    ['the global policy', [aliceWith()], 'global', ['policy.not-grantable']],
    ["a site's policy", [aliceWith()], 'site:redmond', ['policy.not-grantable']],
    ['a policy of a site that has none', [aliceWith()], 'site:x', ['policy.unknown', 'policy.not-grantable']],
    ['nothing that is known', [], 'tag:nobody', ['homing.unknown-user', 'policy.unknown']],
    [
      'a retired user and the global policy',
      [aliceWith(retired)],
      'global',
      ['homing.user-retired', 'policy.not-grantable'],
    ],
  ])('given %s, then the rules say so', async (_, user, policy, rules) => {
    const story = given(traders, policyOf('site:Redmond', true), ...user);
    expect((await story.when(grantPolicyCommand, { user: alice, policy })).rules).toEqual(rules);
  });

  test('given the policy is about to be removed, then the grant opens its door again in the same append', async () => {
    const begun = { type: 'PolicyRemovalBegun', data: { policy: 'tag:Traders' } };
    const closing = [policyOf('tag:Traders', true, begun), aliceWith()];
    const story = given(...closing);
    const told = await story.when(grantPolicyCommand, { user: alice, policy: 'tag:traders' });
    expect(told.events).toEqual([
      granted('tag:Traders'),
      { type: 'PolicyRemovalWithdrawn', data: { policy: 'tag:Traders' } },
    ]);
    expect(told.streams).toEqual([`user-${alice}`, 'policy-tag:traders']);
    expect(story.state(policyStream('tag:traders'))).toMatchObject({ removing: false });
    const held = given(...closing, happened(userStream(alice), granted('tag:Traders')));
    expect((await held.when(grantPolicyCommand, { user: alice, policy: 'tag:traders' })).events).toEqual([]);
  });
});

describe('RevokePolicy', () => {
  test('given a grant, when it is revoked, then it is gone, and the second time unchanged', async () => {
    const story = given(traders, aliceWith(granted('tag:Traders')));
    expect((await story.when(revokePolicyCommand, { user: alice })).events).toEqual([revoked('tag:Traders')]);
    expect((await story.when(revokePolicyCommand, { user: alice })).outcome).toBe('unchanged');
  });

  test('given no such user, then homing.unknown-user; a retired one holds nothing', async () => {
    expect((await given().when(revokePolicyCommand, { user: alice })).rules).toEqual(['homing.unknown-user']);
    expect((await given(aliceWith(retired)).when(revokePolicyCommand, { user: alice })).outcome).toBe('unchanged');
  });
});
