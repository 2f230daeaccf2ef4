import { siteStream } from '#topology';
import { given, happened } from '../../kernel/src/testing.js';
import { createPolicyCommand } from './create-policy.js';
import { disablePolicyCommand } from './disable-policy.js';
import { enablePolicyCommand } from './enable-policy.js';
import { policyStream } from './policy.js';
import { removePolicyCommand } from './remove-policy.js';

const redmond = happened(siteStream('Redmond'), { type: 'SiteRegistered', data: { site: 'Redmond' } });
const created = (policy: string, enabled: boolean) =>
  happened(policyStream(policy), { type: 'PolicyCreated', data: { policy, enabled } });
const begun = happened(policyStream('tag:Traders'), { type: 'PolicyRemovalBegun', data: { policy: 'tag:Traders' } });
const holders = (count: number) => ({ counting: { policyHolders: () => Promise.resolve(count) } });

describe('CreatePolicy', () => {
  test('given nothing, when a policy is created, then it is disabled unless enabled is said', async () => {
    expect((await given().when(createPolicyCommand, { policy: 'tag:Traders' })).events).toEqual([
      { type: 'PolicyCreated', data: { policy: 'tag:Traders', enabled: false } },
    ]);
    expect((await given().when(createPolicyCommand, { policy: 'tag:Traders', enabled: true })).events).toEqual([
      { type: 'PolicyCreated', data: { policy: 'tag:Traders', enabled: true } },
    ]);
  });

  test("given a site, when its policy is created, then it bears the site's own spelling and rests on the site", async () => {
    const told = await given(redmond).when(createPolicyCommand, { policy: 'site:REDMOND', enabled: true });
    expect(told.events).toEqual([{ type: 'PolicyCreated', data: { policy: 'site:Redmond', enabled: true } }]);
    expect(told.streams).toEqual(['policy-site:redmond']);
    expect(told.rested).toEqual(['policy-site:redmond', 'site-redmond']);
  });

  test('given the policy with that value, then unchanged, in any case of its name', async () => {
    const story = given(created('tag:Traders', true));
    expect((await story.when(createPolicyCommand, { policy: 'TAG:traders', enabled: true })).outcome).toBe('unchanged');
  });

  test('given the policy with another value, then policy.exists', async () => {
    const story = given(created('tag:Traders', true));
    expect((await story.when(createPolicyCommand, { policy: 'tag:traders' })).rules).toEqual(['policy.exists']);
  });

  test('given no such site, then policy.unknown-site', async () => {
    expect((await given().when(createPolicyCommand, { policy: 'site:Nowhere' })).rules).toEqual([
      'policy.unknown-site',
    ]);
  });

  test('the global policy is never created', async () => {
    for (const enabled of [true, false])
      expect((await given().when(createPolicyCommand, { policy: 'Global', enabled })).rules).toEqual([
        'policy.global-always-exists',
      ]);
  });
});

describe('EnablePolicy and DisablePolicy', () => {
  test('given a policy, when it is enabled and disabled, then each counts once, under its first spelling', async () => {
    const story = given(created('tag:Traders', false));
    const data = { policy: 'tag:Traders' };
    expect((await story.when(disablePolicyCommand, { policy: 'tag:traders' })).outcome).toBe('unchanged');
    expect((await story.when(enablePolicyCommand, { policy: 'tag:traders' })).events).toEqual([
      { type: 'PolicyEnabled', data },
    ]);
    expect((await story.when(enablePolicyCommand, { policy: 'tag:traders' })).outcome).toBe('unchanged');
    expect((await story.when(disablePolicyCommand, { policy: 'tag:traders' })).events).toEqual([
      { type: 'PolicyDisabled', data },
    ]);
  });

  test('the global policy is there from the start, disabled', async () => {
    const story = given();
    expect((await story.when(disablePolicyCommand, { policy: 'global' })).outcome).toBe('unchanged');
    expect((await story.when(enablePolicyCommand, { policy: 'global' })).events).toEqual([
      { type: 'PolicyEnabled', data: { policy: 'global' } },
    ]);
    expect(story.state(policyStream('global'))).toMatchObject({ enabled: true });
  });

  test.each([enablePolicyCommand, disablePolicyCommand])(
    'given no such policy, then $name is policy.unknown',
    async (command) => {
      expect((await given().when(command, { policy: 'tag:nobody' })).rules).toEqual(['policy.unknown']);
      expect((await given(redmond).when(command, { policy: 'site:Redmond' })).rules).toEqual(['policy.unknown']);
    },
  );
});

describe('RemovePolicy', () => {
  const traders = { policy: 'tag:traders' };
  const removed = { type: 'PolicyRemoved', data: { policy: 'tag:Traders' } };
  const withdrawn = { type: 'PolicyRemovalWithdrawn', data: { policy: 'tag:Traders' } };

  test('given nobody holds it, then the door is closed first and counted behind', async () => {
    const story = given(created('tag:Traders', true)).where(holders(0));
    const first = await story.ask(removePolicyCommand, traders);
    expect(first.outcome).toBe('prepared');
    expect(first.events).toEqual([{ type: 'PolicyRemovalBegun', data: { policy: 'tag:Traders' } }]);
    expect((await story.when(removePolicyCommand, traders)).events).toEqual([removed]);
  });

  test('given somebody holds it, then policy.granted with the count, and no door is left closed', async () => {
    const open = given(created('tag:Traders', true)).where(holders(3));
    const told = await open.when(removePolicyCommand, traders);
    expect(told.refusals).toMatchObject([{ rule: 'policy.granted', count: 3 }]);
    expect(told.events).toEqual([]);
    const closed = given(created('tag:Traders', true), begun).where(holders(1));
    expect((await closed.when(removePolicyCommand, traders)).events).toEqual([withdrawn]);
    expect(closed.state(policyStream('tag:traders'))).toMatchObject({ removing: false });
  });

  test('a question closes no door', async () => {
    const story = given(created('tag:Traders', true)).where({ ...holders(0), planning: true });
    expect((await story.ask(removePolicyCommand, traders)).events).toEqual([removed]);
  });

  test('what was removed is unknown, and may be created again', async () => {
    const story = given(created('tag:Traders', true)).where(holders(0));
    await story.when(removePolicyCommand, traders);
    expect((await story.when(removePolicyCommand, traders)).rules).toEqual(['policy.unknown']);
    expect((await story.when(createPolicyCommand, traders)).events).toEqual([
      { type: 'PolicyCreated', data: { policy: 'tag:traders', enabled: false } },
    ]);
  });

  test("a site's policy, which nobody can hold, goes at once", async () => {
    const story = given(redmond, created('site:Redmond', true));
    expect((await story.when(removePolicyCommand, { policy: 'site:redmond' })).events).toEqual([
      { type: 'PolicyRemoved', data: { policy: 'site:Redmond' } },
    ]);
    expect((await story.when(removePolicyCommand, { policy: 'site:redmond' })).rules).toEqual(['policy.unknown']);
  });

  test('the global policy is reset to disabled, unchanged where it is', async () => {
    const story = await given().after([enablePolicyCommand, { policy: 'global' }]);
    expect((await story.when(removePolicyCommand, { policy: 'global' })).events).toEqual([
      { type: 'PolicyReset', data: { policy: 'global' } },
    ]);
    expect((await story.when(removePolicyCommand, { policy: 'global' })).outcome).toBe('unchanged');
  });
});
