import type { DomainEvent } from '#kernel';
import { given } from '../../kernel/src/testing.js';
import { enrolUserCommand } from './enrol-user.js';
import {
  alice,
  aliceWith,
  chat13,
  connected,
  disconnected,
  estate,
  gchat07,
  globalEnabled,
  gone,
  granted,
  homed,
  ocs01,
  policyOf,
  pool13,
  pool13b,
  poolOf,
  retired,
  revoked,
  sealed,
} from './estate.testing.js';
import { homeUserCommand } from './home-user.js';
import { retireUserCommand } from './retire-user.js';
import { userStream } from './user.js';

const guid = '6f9619ff-8b86-d011-b42d-00c04fc964ff';

describe('EnrolUser', () => {
  test('given nothing, when a user is enrolled, then with what was given alone', async () => {
    const story = given();
    expect((await story.when(enrolUserCommand, { user: 'Alice@Contoso.com' })).events).toEqual([
      { type: 'UserEnrolled', data: { user: alice } },
    ]);
    const bob = { user: 'sip:bob@contoso.com', displayName: 'Боб', guid: guid.toUpperCase() };
    expect((await story.when(enrolUserCommand, bob)).events).toEqual([
      { type: 'UserEnrolled', data: { ...bob, guid } },
    ]);
    expect(story.state(userStream(alice))).toEqual({
      user: alice,
      displayName: null,
      guid: null,
      pool: null,
      granted: null,
      clients: {},
      retired: false,
    });
  });

  test('given a pool, when a user is enrolled on it, then homed in the same append, and it rests on the pool', async () => {
    const told = await given(...estate).when(enrolUserCommand, { user: alice, pool: pool13 });
    expect(told.events).toEqual([{ type: 'UserEnrolled', data: { user: alice } }, homed(pool13)]);
    expect(told.rested).toEqual([`pool-${pool13}`, `user-${alice}`]);
  });

  test('given the user as said, then unchanged, also on a pool that is sealed by now', async () => {
    const story = given(...estate, poolOf('s.contoso.com', 'lync-2010', 'Redmond', sealed('s.contoso.com')));
    story.record(aliceWith(homed('s.contoso.com')));
    for (const fields of [{}, { displayName: 'Alice Ames' }, { pool: 's.contoso.com' }])
      expect((await story.when(enrolUserCommand, { user: alice, ...fields })).outcome).toBe('unchanged');
  });

  test('given a known user, when something differs, then that alone is described', async () => {
    const story = given(aliceWith());
    expect((await story.when(enrolUserCommand, { user: alice, displayName: 'Alice Ames', guid })).events).toEqual([
      { type: 'UserDescribed', data: { user: alice, guid } },
    ]);
    expect((await story.when(enrolUserCommand, { user: alice, displayName: 'Alice B.' })).events).toEqual([
      { type: 'UserDescribed', data: { user: alice, displayName: 'Alice B.' } },
    ]);
    expect(story.state(userStream(alice))).toMatchObject({ displayName: 'Alice B.', guid });
  });

  test('given a known user elsewhere, then the pool homes as HomeUser does', async () => {
    const story = given(...estate, globalEnabled, aliceWith(homed(pool13), connected('lync-2013', chat13)));
    expect((await story.when(enrolUserCommand, { user: alice, guid, pool: ocs01 })).events).toEqual([
      { type: 'UserDescribed', data: { user: alice, guid } },
      homed(ocs01, pool13),
      disconnected('lync-2013', chat13, 'user-homed'),
    ]);
  });

  test('given a retired user, then enrolled again with what was known, homed from nowhere', async () => {
    const story = given(...estate, aliceWith(homed(pool13), granted('tag:Traders'), retired));
    expect((await story.when(enrolUserCommand, { user: alice, guid, pool: pool13 })).events).toEqual([
      { type: 'UserEnrolled', data: { user: alice, displayName: 'Alice Ames', guid } },
      homed(pool13),
    ]);
    expect(story.state(userStream(alice))).toMatchObject({ pool: pool13, granted: null, retired: false });
  });

  test.each([
    ['an unknown pool', 'x.contoso.com', 'homing.unknown-pool'],
    ['a sealed pool', 's.contoso.com', 'homing.pool-sealed'],
    ['a decommissioned pool', 'd.contoso.com', 'homing.pool-decommissioned'],
  ])('given %s, then a new, a known and a retired user are refused', async (_, pool, rule) => {
    for (const user of [[], [aliceWith(homed(pool13))], [aliceWith(retired)]]) {
      const story = given(
        ...estate,
        poolOf('s.contoso.com', 'lync-2010', 'Redmond', sealed('s.contoso.com')),
        poolOf('d.contoso.com', 'lync-2010', 'Redmond', sealed('d.contoso.com'), gone('d.contoso.com')),
        ...user,
      );
      expect((await story.when(enrolUserCommand, { user: alice, displayName: 'A.', pool })).rules).toEqual([rule]);
    }
  });
});

describe('HomeUser', () => {
  test('given an enrolled user, when homed, then from where and to where are told', async () => {
    const story = given(...estate, aliceWith());
    expect((await story.when(homeUserCommand, { user: alice, pool: ocs01 })).events).toEqual([homed(ocs01)]);
    expect((await story.when(homeUserCommand, { user: alice, pool: pool13 })).events).toEqual([homed(pool13, ocs01)]);
    expect((await story.when(homeUserCommand, { user: alice, pool: pool13 })).outcome).toBe('unchanged');
  });

  test('given the user is there already, then a sealed pool leaves it so and a decommissioned one refuses', async () => {
    const at = (...events: readonly DomainEvent[]) =>
      given(poolOf(ocs01, 'ocs-2007-r2', 'Redmond', ...events), aliceWith(homed(ocs01)));
    expect((await at(sealed(ocs01)).when(homeUserCommand, { user: alice, pool: ocs01 })).outcome).toBe('unchanged');
    expect((await at(sealed(ocs01), gone(ocs01)).when(homeUserCommand, { user: alice, pool: ocs01 })).rules).toEqual([
      'homing.pool-decommissioned',
    ]);
  });

  test.each([
    ['an unknown user', [], pool13, ['homing.unknown-user']],
    ['a retired user', [aliceWith(retired)], pool13, ['homing.user-retired']],
    ['an unknown pool', [aliceWith()], 'x.contoso.com', ['homing.unknown-pool']],
    ['a sealed pool', [aliceWith()], 's.contoso.com', ['homing.pool-sealed']],
    ['a decommissioned pool', [aliceWith()], 'd.contoso.com', ['homing.pool-decommissioned']],
    ['an unknown user and pool', [], 'x.contoso.com', ['homing.unknown-user', 'homing.unknown-pool']],
    [
      'a retired user and a sealed pool',
      [aliceWith(retired)],
      's.contoso.com',
      ['homing.user-retired', 'homing.pool-sealed'],
    ],
  ])('given %s, then the rules say so', async (_, user, pool, rules) => {
    const story = given(
      ...estate,
      poolOf('s.contoso.com', 'lync-2010', 'Redmond', sealed('s.contoso.com')),
      poolOf('d.contoso.com', 'lync-2010', 'Redmond', sealed('d.contoso.com'), gone('d.contoso.com')),
      ...user,
    );
    expect((await story.when(homeUserCommand, { user: alice, pool })).rules).toEqual(rules);
  });

  describe('given a connected Lync 2013 client', () => {
    const at13 = (...events: readonly DomainEvent[]) =>
      aliceWith(homed(pool13), ...events, connected('lync-2013', chat13), connected('group-chat-2010', gchat07));
    const ends = disconnected('lync-2013', chat13, 'user-homed');

    test('when the new home is not 2013, then that connection ends, and no Group Chat client', async () => {
      const story = given(...estate, globalEnabled, at13());
      expect((await story.when(homeUserCommand, { user: alice, pool: ocs01 })).events).toEqual([
        homed(ocs01, pool13),
        ends,
      ]);
      expect(story.state(userStream(alice))?.clients).toEqual({ 'group-chat-2010': gchat07 });
    });

    test("when the new site's policy says no, then it ends, and the decision rests on that policy", async () => {
      const story = given(...estate, globalEnabled, policyOf('site:Saint Petersburg', false), at13());
      const told = await story.when(homeUserCommand, { user: alice, pool: pool13b });
      expect(told.events).toEqual([homed(pool13b, pool13), ends]);
      expect(told.rested).toContain('policy-site:saint petersburg');
    });

    test('when without a policy in the new site the global one says no, then it ends', async () => {
      const story = given(...estate, policyOf('site:Redmond', true), at13());
      const told = await story.when(homeUserCommand, { user: alice, pool: pool13b });
      expect(told.events).toEqual([homed(pool13b, pool13), ends]);
      expect(told.rested).toContain('policy-global');
    });

    test('when the policy said no before the move and says no after it, then it stays: the move is not why', async () => {
      const story = given(...estate, at13());
      const told = await story.when(homeUserCommand, { user: alice, pool: pool13b });
      expect(told.events).toEqual([homed(pool13b, pool13)]);
      expect(told.rested).toEqual(expect.arrayContaining([`pool-${pool13}`, `pool-${pool13b}`, 'policy-global']));
    });

    test('when the policy said no before the move and the new home is not 2013, then it ends for that', async () => {
      const story = given(...estate, at13());
      expect((await story.when(homeUserCommand, { user: alice, pool: ocs01 })).events).toEqual([
        homed(ocs01, pool13),
        ends,
      ]);
    });

    test('when a granted policy says yes, then it stays, whatever the new site says', async () => {
      const story = given(
        ...estate,
        policyOf('tag:Traders', true),
        policyOf('site:Saint Petersburg', false),
        at13(granted('tag:Traders')),
      );
      expect((await story.when(homeUserCommand, { user: alice, pool: pool13b })).events).toEqual([
        homed(pool13b, pool13),
      ]);
    });

    test('when the new home is as good, then it stays', async () => {
      const story = given(...estate, globalEnabled, at13());
      expect((await story.when(homeUserCommand, { user: alice, pool: pool13b })).events).toEqual([
        homed(pool13b, pool13),
      ]);
    });

    test('when the user is homed there already, then nothing ends', async () => {
      const story = given(...estate, at13());
      expect((await story.when(homeUserCommand, { user: alice, pool: pool13 })).outcome).toBe('unchanged');
    });
  });
});

describe('RetireUser', () => {
  test('given a user with all there is, when retired, then it ends in the same append', async () => {
    const story = given(
      ...estate,
      aliceWith(
        homed(pool13),
        granted('tag:Traders'),
        connected('lync-2013', chat13),
        connected('group-chat-2007-r2', gchat07),
      ),
    );
    expect((await story.when(retireUserCommand, { user: alice })).events).toEqual([
      disconnected('lync-2013', chat13, 'user-retired'),
      disconnected('group-chat-2007-r2', gchat07, 'user-retired'),
      revoked('tag:Traders', 'user-retired'),
      retired,
    ]);
    expect(story.state(userStream(alice))).toMatchObject({ pool: null, granted: null, clients: {}, retired: true });
  });

  test('given a retired user, then unchanged', async () => {
    expect((await given(aliceWith(retired)).when(retireUserCommand, { user: alice })).outcome).toBe('unchanged');
  });

  test('given no such user, then homing.unknown-user', async () => {
    expect((await given().when(retireUserCommand, { user: alice })).rules).toEqual(['homing.unknown-user']);
  });
});
