import * as fc from 'fast-check';
import { attestable, type Step, step } from '../model/sequences.js';

/** Commands sent one after another, then commands sent together. */
export interface Duel {
  readonly before: readonly Step[];
  readonly together: readonly Step[];
}

const legacyPool = 'ocs01.contoso.com';
const legacyDeployment = 'chat07.contoso.com';
const users = ['alice', 'bob', 'boris', 'vera'].map((name) => `sip:${name}@contoso.com`);

const estate: readonly Step[] = [
  step('RegisterSite', { site: 'Redmond' }),
  step('RegisterSite', { site: 'Казань' }),
  step('RegisterPool', { pool: legacyPool, generation: 'ocs-2007-r2', site: 'Redmond' }),
  step('RegisterPool', { pool: 'fe13a.contoso.com', generation: 'lync-2013', site: 'Redmond' }),
  step('RegisterPool', { pool: 'fe13b.contoso.com', generation: 'lync-2013', site: 'Казань' }),
  step('RegisterDeployment', {
    deployment: 'pchat13a.contoso.com',
    generation: 'lync-2013',
    homedOn: 'fe13a.contoso.com',
  }),
  step('RegisterDeployment', {
    deployment: 'pchat13b.contoso.com',
    generation: 'lync-2013',
    homedOn: 'fe13a.contoso.com',
  }),
  step('CreatePolicy', { policy: 'tag:traders', enabled: true }),
  ...users.map((user) => step('EnrolUser', { user, pool: 'fe13a.contoso.com' })),
];
const registered = step('RegisterDeployment', {
  deployment: legacyDeployment,
  generation: 'ocs-2007-r2',
  homedOn: legacyPool,
});
const attested = (subject: string, gates: readonly string[]): Step[] =>
  gates.map((gate) => step('AttestGate', { subject, gate, evidence: 'CHG-1' }));
const anyUser = fc.constantFrom(...users);
const from = (...steps: Step[]): fc.Arbitrary<Step> => fc.constantFrom(...steps);

function duel(before: readonly Step[], first: readonly Step[], others: fc.Arbitrary<Step>): fc.Arbitrary<Duel> {
  return fc
    .tuple(
      fc.subarray(Array.from(first), { minLength: 1 }),
      fc.array(others, { minLength: 1, maxLength: 6, size: 'max' }),
    )
    .chain(([some, against]) => fc.shuffledSubarray([...some, ...against], { minLength: some.length + against.length }))
    .map((together) => ({ before: [...estate, ...before], together }));
}

/** Each is a rule that reads what another command is about to change. */
export const duels: Readonly<Record<string, fc.Arbitrary<Duel>>> = {
  'nobody holds a removed policy': duel(
    [],
    [step('RemovePolicy', { policy: 'tag:traders' }), step('RemovePolicy', { policy: 'TAG:Traders' })],
    fc.oneof(
      anyUser.map((user) => step('GrantPolicy', { user, policy: 'tag:traders' })),
      anyUser.map((user) => step('RevokePolicy', { user })),
      from(
        step('CreatePolicy', { policy: 'tag:traders', enabled: false }),
        step('DisablePolicy', { policy: 'tag:traders' }),
      ),
    ),
  ),
  'nobody is homed on a pool that was sealed or decommissioned': duel(
    [step('SealPool', { pool: legacyPool }), ...attested(`pool:${legacyPool}`, attestable.pool!)],
    [step('DecommissionPool', { pool: legacyPool }), step('UnsealPool', { pool: legacyPool })],
    fc.oneof(
      anyUser.map((user) => step('HomeUser', { user, pool: legacyPool })),
      anyUser.map((user) => step('EnrolUser', { user, pool: legacyPool, displayName: 'Vera' })),
      from(registered, step('SealPool', { pool: legacyPool }), step('UnsealPool', { pool: legacyPool })),
      from(step('EnrolUser', { user: 'sip:new@contoso.com', pool: legacyPool })),
    ),
  ),
  'a pool that is left by its last user': duel(
    [
      step('HomeUser', { user: users[0], pool: legacyPool }),
      step('SealPool', { pool: legacyPool }),
      ...attested(`pool:${legacyPool}`, attestable.pool!),
    ],
    [step('HomeUser', { user: users[0], pool: 'fe13b.contoso.com' }), step('RetireUser', { user: users[0] })],
    from(step('DecommissionPool', { pool: legacyPool }), step('HomeUser', { user: users[1], pool: legacyPool })),
  ),
  'nobody is connected to a decommissioned deployment': duel(
    [
      registered,
      step('SealDeployment', { deployment: legacyDeployment }),
      ...attested(`deployment:${legacyDeployment}`, attestable.deployment!),
    ],
    [
      step('DecommissionDeployment', { deployment: legacyDeployment }),
      step('UnsealDeployment', { deployment: legacyDeployment }),
    ],
    fc.oneof(
      fc
        .tuple(anyUser, fc.constantFrom('group-chat-2010', 'group-chat-2007-r2'))
        .map(([user, client]) => step('ConnectClient', { user, client, deployment: legacyDeployment })),
      from(
        step('AddCategory', { deployment: legacyDeployment, category: 'General' }),
        step('AddAddIn', { deployment: legacyDeployment, addIn: 'Ticker', url: 'https://ticker.contoso.com/' }),
        step('SealDeployment', { deployment: legacyDeployment }),
        step('RehomeDeployment', { deployment: legacyDeployment, homedOn: legacyPool }),
      ),
    ),
  ),
  'an endpoint has one deployment': duel(
    [],
    ['pchat13a.contoso.com', 'pchat13b.contoso.com'].map((deployment) =>
      step('AddLegacyEndpoint', { deployment, uri: 'sip:ocschat@contoso.com' }),
    ),
    from(
      step('RemoveLegacyEndpoint', { deployment: 'pchat13a.contoso.com', uri: 'ocschat@contoso.com' }),
      step('RemoveLegacyEndpoint', { deployment: 'pchat13b.contoso.com', uri: 'ocschat@contoso.com' }),
      step('AddLegacyEndpoint', { deployment: 'pchat13b.contoso.com', uri: 'ocschat@contoso.com' }),
    ),
  ),
  'a name is given once': duel(
    [step('AddCategory', { deployment: 'pchat13a.contoso.com', category: 'General' })],
    [
      step('AddCategory', { deployment: 'pchat13a.contoso.com', category: 'Desk' }),
      step('AddRoom', { deployment: 'pchat13a.contoso.com', category: 'General', room: 'DESK' }),
      step('RegisterPool', { pool: 'new.contoso.com', generation: 'lync-2013', site: 'Redmond' }),
      step('RegisterSite', { site: 'London' }),
    ],
    from(
      step('AddRoom', { deployment: 'pchat13a.contoso.com', category: 'General', room: 'desk', privacy: 'secret' }),
      step('RemoveCategory', { deployment: 'pchat13a.contoso.com', category: 'general' }),
      step('RemoveRoom', { deployment: 'pchat13a.contoso.com', room: 'Desk' }),
      step('RegisterPool', { pool: 'new.contoso.com', generation: 'lync-2010', site: 'Казань' }),
      step('RegisterSite', { site: 'LONDON' }),
      step('CreatePolicy', { policy: 'tag:New', enabled: true }),
      step('CreatePolicy', { policy: 'tag:new', enabled: false }),
    ),
  ),
  'a client connects by what holds when it is recorded': duel(
    [
      step('EnablePolicy', { policy: 'global' }),
      step('AddLegacyEndpoint', { deployment: 'pchat13a.contoso.com', uri: 'sip:ocschat@contoso.com' }),
    ],
    [
      step('ConnectClient', { user: users[0], client: 'lync-2013', deployment: 'pchat13a.contoso.com' }),
      step('ConnectClient', { user: users[0], client: 'group-chat-2010', deployment: 'pchat13a.contoso.com' }),
      step('ConnectClient', { user: users[0], client: 'lync-2013', deployment: 'pchat13b.contoso.com' }),
    ],
    from(
      step('DisablePolicy', { policy: 'global' }),
      step('CreatePolicy', { policy: 'site:Redmond', enabled: false }),
      step('CreatePolicy', { policy: 'site:Казань', enabled: false }),
      step('DisablePolicy', { policy: 'tag:traders' }),
      step('GrantPolicy', { user: users[0], policy: 'tag:traders' }),
      step('RevokePolicy', { user: users[0] }),
      step('RetireUser', { user: users[0] }),
      step('HomeUser', { user: users[0], pool: legacyPool }),
      step('HomeUser', { user: users[0], pool: 'fe13b.contoso.com' }),
      step('RemoveLegacyEndpoint', { deployment: 'pchat13a.contoso.com', uri: 'ocschat@contoso.com' }),
    ),
  ),
};
