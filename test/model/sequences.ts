import * as fc from 'fast-check';
import type { Fields } from './verdict.js';

/** One command as somebody sends it: names in any case, ids not yet normalised. */
export interface Step {
  readonly command: string;
  readonly fields: Fields;
}

export const step = (command: string, fields: Fields = {}): Step => ({ command, fields });

const sites = ['Redmond', 'Казань'];
const pools = [
  step('RegisterPool', { pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2', site: 'Redmond' }),
  step('RegisterPool', { pool: 'lync10.contoso.com', generation: 'lync-2010', site: 'Казань' }),
  step('RegisterPool', { pool: 'fe13a.contoso.com', generation: 'lync-2013', site: 'redmond' }),
  step('RegisterPool', { pool: 'fe13b.contoso.com', generation: 'lync-2013', site: 'КАЗАНЬ' }),
];
const deployments = [
  step('RegisterDeployment', {
    deployment: 'chat07.contoso.com',
    generation: 'ocs-2007-r2',
    homedOn: 'ocs01.contoso.com',
  }),
  step('RegisterDeployment', {
    deployment: 'chat10.contoso.com',
    generation: 'lync-2010',
    homedOn: 'lync10.contoso.com',
    name: 'Чат',
  }),
  step('RegisterDeployment', {
    deployment: 'pchat13a.contoso.com',
    generation: 'lync-2013',
    homedOn: 'fe13a.contoso.com',
  }),
  step('RegisterDeployment', {
    deployment: 'pchat13b.contoso.com',
    generation: 'lync-2013',
    homedOn: 'FE13A.contoso.com',
  }),
];
const users = ['sip:alice@contoso.com', 'sip:bob@contoso.com', 'sip:boris@contoso.com', 'sip:vera@contoso.com'];

/** The estate that most sequences begin with; shrinking takes parts of it away. */
export const estate: readonly Step[] = [
  ...sites.map((site) => step('RegisterSite', { site })),
  ...pools,
  ...deployments,
  ...users.map((user) => step('EnrolUser', { user })),
];

/** Mostly what exists, in another case now and then, seldom something unknown. */
function oneOf(known: readonly string[], unknown: string, ignoresCase = true): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 16, arbitrary: fc.constantFrom(...known) },
    { weight: ignoresCase ? 3 : 0, arbitrary: fc.constantFrom(...known.map((each) => each.toUpperCase())) },
    { weight: 1, arbitrary: fc.constant(unknown) },
  );
}

const anySite = oneOf(sites, 'Atlantis');
const anyPool = oneOf(
  pools.map(({ fields }) => fields.pool),
  'nowhere.contoso.com',
);
const anyDeployment = oneOf(
  deployments.map(({ fields }) => fields.deployment),
  'nochat.contoso.com',
);
const legacyPool = oneOf(['ocs01.contoso.com', 'lync10.contoso.com'], 'fe13a.contoso.com');
const legacyDeployment = oneOf(['chat07.contoso.com', 'chat10.contoso.com'], 'pchat13a.contoso.com');
/** Most content goes here, so that it is found again. */
const chattyDeployment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('chat10.contoso.com', 'PCHAT13A.contoso.com') },
  { weight: 1, arbitrary: anyDeployment },
);
const anyUser = oneOf([...users, 'bob@contoso.com'], 'sip:nobody@contoso.com');
const anyTag = oneOf(['tag:Traders', 'tag:support', 'TAG:Traders'], 'tag:nobody', false);
const anyPolicy = fc.oneof(
  anyTag,
  fc.constantFrom(
    'global',
    'GLOBAL',
    'site:Redmond',
    'site:redmond',
    'site:Казань',
    'site:КАЗАНЬ',
    'site:Atlantis',
    'tag:TRADERS',
  ),
);
const anyGeneration = fc.constantFrom('ocs-2007-r2', 'lync-2010', 'lync-2013');
const anyClient = fc.constantFrom('lync-2013', 'lync-2013', 'group-chat-2010', 'group-chat-2007-r2');
const anyUri = oneOf(['sip:ocschat@contoso.com', 'lookup@contoso.com'], 'sip:other@contoso.com');
const anyCategory = oneOf(['Общее', 'Общее', 'Trading', 'Desk'], 'Nothing');
const anyRoom = oneOf(['Lobby', 'Lobby', 'Дежурные', 'Desk'], 'Void');
const anyAddIn = oneOf(['Ticker', 'Карта'], 'None');
const anyFlag = fc.boolean();
const evidence = fc.constantFrom('CHG-1', 'CHG-2');
const reason = fc.constantFrom('not needed', 'не нужно');

/** The gates that somebody attests, by kind of subject. */
export const attestable: Readonly<Record<string, readonly string[]>> = {
  deployment: ['group-chat-uninstalled', 'trusted-application-removed', 'backup-kept'],
  pool: [
    'contact-objects-moved',
    'conference-directories-moved',
    'central-management-moved',
    'call-admission-rehosted',
    'dns-records-updated',
  ],
};
const anyGate = fc.constantFrom(
  ...attestable.deployment!,
  ...attestable.pool!,
  'migrated',
  'sealed',
  'users-gone',
  'no-such-gate',
);
const anySubject = fc.oneof(
  legacyPool.map((pool) => `pool:${pool}`),
  legacyDeployment.map((deployment) => `deployment:${deployment}`),
  fc.constantFrom('pool:nowhere.contoso.com', 'deployment:nochat.contoso.com', 'pool:fe13a.contoso.com'),
);
/** Sequences begin at `sequenceStart` and take a minute a command. */
export const sequenceStart = Date.parse('2013-05-03T08:00:00.000Z');
const anyExpiry = fc.option(
  fc.integer({ min: 1, max: 300 }).map((minutes) => new Date(sequenceStart + minutes * 60_000).toISOString()),
  { nil: undefined },
);

type FieldArbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>;
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const commands: readonly [weight: number, command: string, fields: FieldArbitraries][] = [
  [1, 'RegisterSite', { site: anySite }],
  [1, 'RegisterPool', { pool: anyPool, generation: anyGeneration, site: anySite }],
  [
    2,
    'RegisterDeployment',
    {
      deployment: anyDeployment,
      generation: anyGeneration,
      homedOn: anyPool,
      name: optional(fc.constantFrom('Чат', 'Chat')),
    },
  ],
  [4, 'RehomeDeployment', { deployment: anyDeployment, homedOn: anyPool }],
  [2, 'SealPool', { pool: anyPool }],
  [2, 'UnsealPool', { pool: anyPool }],
  [2, 'SealDeployment', { deployment: anyDeployment }],
  [2, 'UnsealDeployment', { deployment: anyDeployment }],
  [4, 'AddLegacyEndpoint', { deployment: anyDeployment, uri: anyUri }],
  [2, 'RemoveLegacyEndpoint', { deployment: anyDeployment, uri: anyUri }],
  [5, 'CreatePolicy', { policy: anyPolicy, enabled: optional(anyFlag) }],
  [5, 'EnablePolicy', { policy: anyPolicy }],
  [3, 'DisablePolicy', { policy: anyPolicy }],
  [3, 'RemovePolicy', { policy: anyPolicy }],
  [
    4,
    'EnrolUser',
    {
      user: anyUser,
      displayName: optional(fc.constantFrom('Vera', 'Вера')),
      guid: optional(fc.constantFrom('6F9619FF-8B86-D011-B42D-00C04FC964FF', '00000000-0000-0000-0000-000000000001')),
      pool: optional(anyPool),
    },
  ],
  [9, 'HomeUser', { user: anyUser, pool: anyPool }],
  [1, 'RetireUser', { user: anyUser }],
  [
    6,
    'GrantPolicy',
    { user: anyUser, policy: fc.oneof({ weight: 5, arbitrary: anyTag }, { weight: 1, arbitrary: anyPolicy }) },
  ],
  [2, 'RevokePolicy', { user: anyUser }],
  [9, 'ConnectClient', { user: anyUser, client: anyClient, deployment: anyDeployment }],
  [2, 'DisconnectClient', { user: anyUser, client: anyClient }],
  [
    6,
    'AddCategory',
    {
      deployment: chattyDeployment,
      category: anyCategory,
      parent: optional(anyCategory),
      invitations: optional(anyFlag),
      fileUpload: optional(anyFlag),
      chatHistory: optional(anyFlag),
    },
  ],
  [
    8,
    'AddRoom',
    {
      deployment: chattyDeployment,
      room: anyRoom,
      category: anyCategory,
      type: optional(fc.constantFrom('normal', 'auditorium')),
      privacy: optional(fc.constantFrom('open', 'closed', 'secret')),
      addIn: optional(anyAddIn),
    },
  ],
  [
    4,
    'AddAddIn',
    {
      deployment: chattyDeployment,
      addIn: anyAddIn,
      url: fc.constantFrom('https://ticker.contoso.com/', 'http://map.contoso.com/'),
    },
  ],
  [3, 'AttachAddIn', { deployment: chattyDeployment, room: anyRoom, addIn: anyAddIn }],
  [2, 'DetachAddIn', { deployment: chattyDeployment, room: anyRoom }],
  [2, 'ExcludeRoom', { deployment: chattyDeployment, room: anyRoom, reason }],
  [1, 'IncludeRoom', { deployment: chattyDeployment, room: anyRoom }],
  [3, 'RemoveRoom', { deployment: chattyDeployment, room: anyRoom }],
  [3, 'RemoveCategory', { deployment: chattyDeployment, category: anyCategory }],
  [2, 'RemoveAddIn', { deployment: chattyDeployment, addIn: anyAddIn }],
  [2, 'DecommissionDeployment', { deployment: anyDeployment }],
  [2, 'DecommissionPool', { pool: anyPool }],
  [3, 'AttestGate', { subject: anySubject, gate: anyGate, evidence }],
  [3, 'WaiveGate', { subject: anySubject, gate: anyGate, reason, expiresAt: anyExpiry }],
];

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  ...commands.map(([weight, command, fields]) => ({
    weight,
    arbitrary: fc.record(fields).map((given) => step(command, defined(given as Fields))),
  })),
);

/** Things that hang together, so that sequences come deep. */
const wholeStory: fc.Arbitrary<readonly Step[]> = fc.oneof(
  fc
    .tuple(legacyDeployment, legacyPool, anyExpiry)
    .map(([deployment, pool, expiresAt]) => [
      step('SealDeployment', { deployment }),
      ...attestable.deployment!.map((gate, index) =>
        index === 1
          ? step('WaiveGate', defined({ subject: `deployment:${deployment}`, gate, reason: 'kept', expiresAt }))
          : step('AttestGate', { subject: `deployment:${deployment}`, gate, evidence: 'CHG-1' }),
      ),
      step('DecommissionDeployment', { deployment }),
      step('SealPool', { pool }),
      ...attestable.pool!.map((gate) => step('AttestGate', { subject: `pool:${pool}`, gate, evidence: 'CHG-1' })),
      step('DecommissionPool', { pool }),
    ]),
  fc
    .tuple(anyUser, anyTag, fc.constantFrom('fe13a.contoso.com', 'fe13b.contoso.com'), anyPool)
    .map(([user, policy, pool, next]) => [
      step('CreatePolicy', { policy, enabled: true }),
      step('GrantPolicy', { user, policy }),
      step('HomeUser', { user, pool }),
      step('ConnectClient', { user, client: 'lync-2013', deployment: 'pchat13a.contoso.com' }),
      step('HomeUser', { user, pool: next }),
    ]),
  fc
    .tuple(chattyDeployment, anyCategory, anyRoom, anyAddIn, anyUser)
    .map(([deployment, category, room, addIn, user]) => [
      step('AddCategory', { deployment, category }),
      step('AddCategory', { deployment, category: 'Trading', parent: category }),
      step('AddAddIn', { deployment, addIn, url: 'https://ticker.contoso.com/' }),
      step('AddRoom', { deployment, category: category.toUpperCase(), room, addIn: addIn.toLowerCase() }),
      step('RemoveCategory', { deployment, category }),
      step('RemoveAddIn', { deployment, addIn }),
      step('ConnectClient', { user, client: 'group-chat-2010', deployment }),
      step('DecommissionDeployment', { deployment }),
      step('ExcludeRoom', { deployment, room, reason: 'not needed' }),
      step('DetachAddIn', { deployment, room: room.toLowerCase() }),
      step('AttachAddIn', { deployment, room, addIn }),
      step('IncludeRoom', { deployment, room }),
      step('RemoveRoom', { deployment, room }),
    ]),
  fc
    .tuple(anyUser, fc.constantFrom('pchat13a.contoso.com', 'pchat13b.contoso.com'), anyUri)
    .map(([user, deployment, uri]) => [
      step('AddLegacyEndpoint', { deployment, uri }),
      step('ConnectClient', { user, client: 'group-chat-2007-r2', deployment }),
      step('RemoveLegacyEndpoint', { deployment, uri }),
      step('DisconnectClient', { user, client: 'group-chat-2007-r2' }),
      step('RehomeDeployment', { deployment, homedOn: 'fe13b.contoso.com' }),
      step('RetireUser', { user }),
    ]),
);
/** Half of them with gaps: what one would expect to be there is missing. */
const anyStory = fc.oneof(
  wholeStory,
  wholeStory.chain((steps) => fc.subarray(Array.from(steps), { minLength: Math.ceil(steps.length / 2) })),
);

const sequenceLengthMax = 60;

/** Commands in an order that somebody might send them in. */
export const anySequence: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.oneof(
      { withCrossShrink: true },
      { weight: 1, arbitrary: fc.subarray(Array.from(estate)) },
      { weight: 8, arbitrary: fc.constant(Array.from(estate)) },
    ),
    fc.array(fc.oneof({ weight: 8, arbitrary: anyStep.map((each) => [each]) }, { weight: 1, arbitrary: anyStory }), {
      maxLength: sequenceLengthMax,
      size: 'max',
    }),
  )
  .map(([begin, rest]) => [...begin, ...rest.flat()].slice(0, sequenceLengthMax + begin.length));

export function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
