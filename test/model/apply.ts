import { dropOrigin, migrationChanges } from './migration-events.js';
import {
  addInOf,
  type Category,
  categoryOf,
  deploymentOf,
  policyOf,
  poolOf,
  type Room,
  roomOf,
  same,
  userOf,
  type World,
} from './world.js';

export interface ModelEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Recording {
  readonly at: string;
  readonly by: string;
}

type Data = Readonly<Record<string, any>>;

/** What each fact does to the world. Throws where a fact is about something that is not there. */
const changes: Readonly<Record<string, (world: World, data: Data, recording: Recording) => void>> = {
  SiteRegistered: (world, { site }) => void world.sites.push({ site }),
  PoolRegistered: (world, { pool, generation, site }) =>
    void world.pools.push({ pool, generation, site, sealed: false, decommissioned: false }),
  PoolSealed: (world, { pool }) => void (there(poolOf(world, pool)).sealed = true),
  PoolUnsealed: (world, { pool }) => void (there(poolOf(world, pool)).sealed = false),
  PoolDecommissioned: (world, { pool }) => void (there(poolOf(world, pool)).decommissioned = true),
  DeploymentRegistered: (world, { deployment, generation, homedOn, name = null }) =>
    void world.deployments.push({
      deployment,
      generation,
      homedOn,
      name,
      sealed: false,
      decommissioned: false,
      endpoints: [],
    }),
  DeploymentRehomed: (world, { deployment, to }) => void (there(deploymentOf(world, deployment)).homedOn = to),
  DeploymentSealed: (world, { deployment }) => void (there(deploymentOf(world, deployment)).sealed = true),
  DeploymentUnsealed: (world, { deployment }) => void (there(deploymentOf(world, deployment)).sealed = false),
  DeploymentDecommissioned: (world, { deployment }) =>
    void (there(deploymentOf(world, deployment)).decommissioned = true),
  LegacyEndpointAdded: (world, { deployment, uri }) => void there(deploymentOf(world, deployment)).endpoints.push(uri),
  LegacyEndpointRemoved: (world, { deployment, uri }) =>
    drop(there(deploymentOf(world, deployment)).endpoints, (each) => each === uri),

  PolicyCreated: (world, { policy, enabled }) => void world.policies.push({ policy, enabled }),
  PolicyEnabled: (world, { policy }) => void (there(policyOf(world, policy)).enabled = true),
  PolicyDisabled: (world, { policy }) => void (there(policyOf(world, policy)).enabled = false),
  PolicyReset: (world) => void (there(policyOf(world, 'global')).enabled = false),
  PolicyRemoved: (world, { policy }) => drop(world.policies, (each) => same(each.policy, policy)),

  UserEnrolled: (world, { user, displayName, guid }) => {
    const known = userOf(world, user);
    if (known)
      Object.assign(known, { retired: false, displayName: displayName ?? known.displayName, guid: guid ?? known.guid });
    else
      world.users.push({
        user,
        displayName: displayName ?? null,
        guid: guid ?? null,
        pool: null,
        granted: null,
        retired: false,
        connections: [],
      });
  },
  UserDescribed: (world, { user, displayName, guid }) => {
    const known = there(userOf(world, user));
    Object.assign(known, { displayName: displayName ?? known.displayName, guid: guid ?? known.guid });
  },
  UserHomed: (world, { user, to }) => void (there(userOf(world, user)).pool = to),
  UserRetired: (world, { user }) => void Object.assign(there(userOf(world, user)), { retired: true, pool: null }),
  PolicyGranted: (world, { user, policy }) => void (there(userOf(world, user)).granted = policy),
  PolicyRevoked: (world, { user }) => void (there(userOf(world, user)).granted = null),
  ClientConnected: (world, { user, client, deployment }, { at }) => {
    const { connections } = there(userOf(world, user));
    drop(connections, (each) => each.client === client, 'optional');
    connections.push({ client, deployment, since: at });
  },
  ClientDisconnected: (world, { user, client, deployment, because }) => {
    const { connections } = there(userOf(world, user));
    const ended = (each: { client: string; deployment: string }) =>
      each.client === client && each.deployment === deployment;
    drop(connections, ended, because === 'connected-elsewhere' ? 'optional' : 'must');
  },

  CategoryAdded: (world, data) => void world.categories.push(category(data)),
  CategoryRemoved: (world, { deployment, category }) => {
    dropOrigin(world, 'category', deployment, category);
    drop(world.categories, (each) => each === categoryOf(world, deployment, category));
  },
  RoomAdded: (world, data) => void world.rooms.push(room(data)),
  RoomRemoved: (world, { deployment, room }) => {
    dropOrigin(world, 'room', deployment, room);
    drop(world.rooms, (each) => each === roomOf(world, deployment, room));
  },
  RoomExcluded: (world, { deployment, room }) => void (there(roomOf(world, deployment, room)).excluded = true),
  RoomIncluded: (world, { deployment, room }) => void (there(roomOf(world, deployment, room)).excluded = false),
  AddInAdded: (world, { deployment, addIn, url }) => void world.addIns.push({ deployment, addIn, url }),
  AddInRemoved: (world, { deployment, addIn }) => {
    dropOrigin(world, 'add-in', deployment, addIn);
    drop(world.addIns, (each) => each === addInOf(world, deployment, addIn));
  },
  AddInAttached: (world, { deployment, room, addIn }) => void (there(roomOf(world, deployment, room)).addIn = addIn),
  AddInDetached: (world, { deployment, room }) => void (there(roomOf(world, deployment, room)).addIn = null),

  GateAttested: (world, { subject, gate, evidence }, recording) =>
    void world.saidOfGates.push({ subject, gate, said: 'attested', words: evidence, expiresAt: null, ...recording }),
  GateWaived: (world, { subject, gate, reason, expiresAt = null }, recording) =>
    void world.saidOfGates.push({ subject, gate, said: 'waived', words: reason, expiresAt, ...recording }),

  ...migrationChanges,
};

/** Facts that change nothing here: answers and refusals. */
export const knownType = (type: string): boolean => Object.hasOwn(changes, type);

export function apply(world: World, { type, data }: ModelEvent, recording: Recording): void {
  const change = changes[type];
  if (!change) throw new Error(`the model knows no event ${type}`);
  change(world, data, recording);
}

export const category = (data: Data): Category => ({
  deployment: data.deployment,
  category: data.category,
  parent: data.parent ?? null,
  invitations: data.invitations ?? true,
  fileUpload: data.fileUpload ?? true,
  chatHistory: data.chatHistory ?? true,
});

export const room = (data: Data): Room => ({
  deployment: data.deployment,
  room: data.room,
  category: data.category,
  type: data.type ?? 'normal',
  privacy: data.privacy ?? 'closed',
  addIn: data.addIn ?? null,
  excluded: false,
});

function there<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('an event about something that is not there');
  return thing;
}

function drop<T>(list: T[], which: (each: T) => boolean, need: 'must' | 'optional' = 'must'): void {
  const index = list.findIndex(which);
  if (index >= 0) list.splice(index, 1);
  else if (need === 'must') throw new Error('an event removes something that is not there');
}
