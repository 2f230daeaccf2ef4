import type { ContentEvent } from '#content';
import type { UserEvent } from '#homing';
import { type GenerationId, isLegacy } from '#kernel';
import type { PolicyEvent } from '#policy';
import type { DeploymentEvent } from '#topology';
import { type Cmdlet, cmdlet, present } from './cmdlet.js';

/** Parts of a script in the order in which they have to be run. */
export const phases = [
  { phase: 'policies', title: 'Policies' },
  {
    phase: 'moves',
    title:
      'Users: move only when user replication has completed (event 30024 of LS User Replicator on the target pool)',
  },
  {
    phase: 'grants',
    title: 'Grants of policies: after the moves, as a user of an earlier product takes no such policy',
  },
  { phase: 'add-ins', title: 'Add-ins' },
  { phase: 'categories', title: 'Categories' },
  { phase: 'rooms', title: 'Rooms' },
  { phase: 'endpoints', title: 'Endpoints: only when the lookup account of the same address is deleted' },
  { phase: 'removed-rooms', title: 'Rooms that go' },
  { phase: 'removed-content', title: 'Categories and add-ins that go, empty by now' },
  { phase: 'removed-policies', title: 'Policies that go' },
] as const;
export type Phase = (typeof phases)[number]['phase'];

/** What an event asks of the servers. */
export type Step =
  { readonly phase: Phase; readonly cmdlet: Cmdlet } | { readonly phase: Phase; readonly byHand: string };

/** Generations of pools and deployments; undefined of what is unknown. */
export type GenerationOf = (fqdn: string) => GenerationId | undefined;

type ScriptedEvent = UserEvent | PolicyEvent | ContentEvent | DeploymentEvent;
type Scripted = {
  readonly [T in ScriptedEvent['type']]?: (
    data: Extract<ScriptedEvent, { readonly type: T }>['data'],
    generationOf: GenerationOf,
  ) => Step | undefined;
};

const run = (phase: Phase, cmdlet: Cmdlet): Step => ({ phase, cmdlet });
const byHand = (phase: Phase, what: string): Step => ({ phase, byHand: what });

/** The cmdlets take `*` for any characters, also in an address. */
function ofUser(phase: Phase, user: string, made: () => Cmdlet): Step {
  return user.includes('*')
    ? byHand(phase, `${user} holds a *, which cmdlets take for any characters: find the user by another identity`)
    : run(phase, made());
}

/** Only Persistent Chat has cmdlets for its content; Group Chat has its Admin Tool. */
function ofContent(
  phase: Phase,
  deployment: string,
  generationOf: GenerationOf,
  what: string,
  made: () => Cmdlet,
): Step {
  const generation = generationOf(deployment);
  return generation !== undefined && isLegacy(generation)
    ? byHand(phase, `${what} with the Group Chat Admin Tool of ${deployment}; it has no cmdlets`)
    : run(phase, made());
}

const identity = (deployment: string, name: string): string => `${deployment}\\${name}`;
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const switchIf = (on: boolean): typeof present | undefined => (on ? present : undefined);

const scripted: Scripted = {
  UserHomed: ({ user, from, to }, generationOf) =>
    ofUser('moves', user, () => {
      const isFromOcs = from !== null && generationOf(from) === 'ocs-2007-r2';
      return cmdlet(isFromOcs ? 'Move-CsLegacyUser' : 'Move-CsUser', { Identity: user, Target: to });
    }),
  UserRetired: ({ user }) => ofUser('moves', user, () => cmdlet('Disable-CsUser', { Identity: user })),
  PolicyGranted: ({ user, policy }) =>
    ofUser('grants', user, () =>
      cmdlet('Grant-CsPersistentChatPolicy', { Identity: user, PolicyName: policy.replace(/^tag:/, '') }),
    ),
  // Disabling an account takes its grants along.
  PolicyRevoked: ({ user, because }) =>
    because === 'asked'
      ? ofUser('grants', user, () => cmdlet('Grant-CsPersistentChatPolicy', { Identity: user, PolicyName: null }))
      : undefined,
  PolicyCreated: ({ policy, enabled }) =>
    run('policies', cmdlet('New-CsPersistentChatPolicy', { Identity: policy, EnablePersistentChat: enabled })),
  PolicyEnabled: ({ policy }) =>
    run('policies', cmdlet('Set-CsPersistentChatPolicy', { Identity: policy, EnablePersistentChat: true })),
  PolicyDisabled: ({ policy }) =>
    run('policies', cmdlet('Set-CsPersistentChatPolicy', { Identity: policy, EnablePersistentChat: false })),
  PolicyReset: ({ policy }) => run('policies', cmdlet('Remove-CsPersistentChatPolicy', { Identity: policy })),
  PolicyRemoved: ({ policy }) => run('removed-policies', cmdlet('Remove-CsPersistentChatPolicy', { Identity: policy })),
  LegacyEndpointAdded: ({ deployment, uri }) =>
    run('endpoints', cmdlet('New-CsPersistentChatEndpoint', { SipAddress: uri, PersistentChatPoolFqdn: deployment })),
  LegacyEndpointRemoved: ({ uri }) => run('endpoints', cmdlet('Remove-CsPersistentChatEndpoint', { Identity: uri })),
  AddInAdded: ({ deployment, addIn, url }, generationOf) =>
    ofContent('add-ins', deployment, generationOf, `add the add-in ${addIn}`, () =>
      cmdlet('New-CsPersistentChatAddin', { Name: addIn, PersistentChatPoolFqdn: deployment, URL: url }),
    ),
  CategoryAdded: ({ deployment, category, invitations, fileUpload, chatHistory }, generationOf) =>
    ofContent('categories', deployment, generationOf, `add the category ${category}`, () =>
      cmdlet('New-CsPersistentChatCategory', {
        Name: category,
        PersistentChatPoolFqdn: deployment,
        EnableInvitations: switchIf(invitations),
        EnableFileUpload: switchIf(fileUpload),
        RemoveChatHistory: switchIf(!chatHistory),
      }),
    ),
  RoomAdded: ({ deployment, room, category, type, privacy, addIn }, generationOf) =>
    ofContent('rooms', deployment, generationOf, `add the room ${room} to ${category}`, () =>
      cmdlet('New-CsPersistentChatRoom', {
        Name: room,
        PersistentChatPoolFqdn: deployment,
        Category: identity(deployment, category),
        Type: capital(type),
        Privacy: capital(privacy),
        Addin: addIn ?? undefined,
      }),
    ),
  AddInAttached: ({ deployment, room, addIn }, generationOf) =>
    ofContent('rooms', deployment, generationOf, `attach the add-in ${addIn} to the room ${room}`, () =>
      cmdlet('Set-CsPersistentChatRoom', { Identity: identity(deployment, room), Addin: addIn }),
    ),
  AddInDetached: ({ deployment, room }, generationOf) =>
    ofContent('rooms', deployment, generationOf, `detach the add-in from the room ${room}`, () =>
      cmdlet('Set-CsPersistentChatRoom', { Identity: identity(deployment, room), Addin: null }),
    ),
  RoomExcluded: ({ deployment, room }, generationOf) =>
    ofContent('rooms', deployment, generationOf, `disable the room ${room}`, () =>
      cmdlet('Set-CsPersistentChatRoom', { Identity: identity(deployment, room), Disabled: true }),
    ),
  RoomIncluded: ({ deployment, room }, generationOf) =>
    ofContent('rooms', deployment, generationOf, `enable the room ${room}`, () =>
      cmdlet('Set-CsPersistentChatRoom', { Identity: identity(deployment, room), Disabled: false }),
    ),
  RoomRemoved: ({ deployment, room }, generationOf) =>
    ofContent('removed-rooms', deployment, generationOf, `remove the room ${room}`, () =>
      cmdlet('Remove-CsPersistentChatRoom', { Identity: identity(deployment, room) }),
    ),
  CategoryRemoved: ({ deployment, category }, generationOf) =>
    ofContent('removed-content', deployment, generationOf, `remove the category ${category}`, () =>
      cmdlet('Remove-CsPersistentChatCategory', { Identity: identity(deployment, category) }),
    ),
  AddInRemoved: ({ deployment, addIn }, generationOf) =>
    ofContent('removed-content', deployment, generationOf, `remove the add-in ${addIn}`, () =>
      cmdlet('Remove-CsPersistentChatAddin', { Identity: identity(deployment, addIn) }),
    ),
};

/** What is to be done on the servers so that an event becomes true there; undefined where no cmdlet does it. */
export function stepOf(
  { type, data }: { readonly type: string; readonly data: object },
  generationOf: GenerationOf,
): Step | undefined {
  const made = Object.hasOwn(scripted, type) ? scripted[type as keyof Scripted] : undefined;
  return (made as ((data: object, generationOf: GenerationOf) => Step | undefined) | undefined)?.(data, generationOf);
}
