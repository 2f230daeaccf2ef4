import { policy } from '#policy';
import { topology } from '#topology';
import { given } from '../../kernel/src/testing.js';
import { homing } from './index.js';

const contexts = [topology, policy, homing];
const commands = contexts.flatMap((context) => context.commands);
const catalogue = Object.assign({}, ...contexts.map(({ events }) => events)) as typeof topology.events;

test('the examples, one after another on an empty tracker, are a story without a refusal', async () => {
  const story = given().where({ counting: { policyHolders: () => Promise.resolve(0) } });
  const outcomes: Record<string, string> = {};
  for (const command of commands) {
    for (const example of [command.example, ...Object.values(command.moreExamples ?? {})]) {
      const { outcome } = await story.when(command, example);
      outcomes[command.name] = outcome;
    }
  }
  expect(outcomes).toEqual({
    RegisterSite: 'done',
    RegisterPool: 'done',
    RegisterDeployment: 'done',
    RehomeDeployment: 'unchanged',
    SealPool: 'done',
    UnsealPool: 'done',
    SealDeployment: 'done',
    UnsealDeployment: 'done',
    AddLegacyEndpoint: 'done',
    RemoveLegacyEndpoint: 'done',
    CreatePolicy: 'done',
    DisablePolicy: 'done',
    EnablePolicy: 'done',
    RemovePolicy: 'done',
    EnrolUser: 'done',
    HomeUser: 'done',
    GrantPolicy: 'done',
    ConnectClient: 'done',
    DisconnectClient: 'done',
    RevokePolicy: 'done',
    RetireUser: 'done',
  });
});

test.each([
  ['UserHomed', { user: 'sip:a@b.c', from: 'old.b.c', to: 'new.b.c' }, 'homed sip:a@b.c on new.b.c (was old.b.c)'],
  ['UserHomed', { user: 'sip:a@b.c', from: null, to: 'new.b.c' }, 'homed sip:a@b.c on new.b.c (was homed nowhere)'],
  ['UserDescribed', { user: 'sip:a@b.c', displayName: 'Ann' }, 'described sip:a@b.c as Ann'],
  [
    'ClientDisconnected',
    { user: 'sip:a@b.c', client: 'lync-2013', deployment: 'chat.b.c', because: 'user-homed' },
    'disconnected the lync-2013 client of sip:a@b.c from chat.b.c, which the new home no longer permits',
  ],
  [
    'DeploymentRehomed',
    { deployment: 'chat.b.c', from: 'old.b.c', to: 'new.b.c' },
    'homed the deployment chat.b.c on new.b.c (was old.b.c)',
  ],
])('%s is told in plain English', (type, data, sentence) => {
  expect(catalogue[type]?.say(data)).toBe(sentence);
});

test('both ends of a move are subjects, the most specific first', () => {
  expect(catalogue.UserHomed?.subjects({ user: 'sip:a@b.c', from: 'old.b.c', to: 'new.b.c' })).toEqual([
    'user:sip:a@b.c',
    'pool:new.b.c',
    'pool:old.b.c',
  ]);
});

test('doors and reservations stay inside', () => {
  const internal = Object.keys(catalogue).filter((type) => catalogue[type]?.internal);
  expect(internal.toSorted()).toEqual([
    'DeploymentClosingBegun',
    'DeploymentClosingWithdrawn',
    'EndpointReleased',
    'EndpointReserved',
    'LookupAccountForgotten',
    'LookupAccountKnown',
    'PolicyRemovalBegun',
    'PolicyRemovalWithdrawn',
  ]);
});
