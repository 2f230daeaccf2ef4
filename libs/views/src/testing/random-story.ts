import * as fc from 'fast-check';
import type { NaiveEstate } from './naive-estate.js';

interface Told {
  readonly type: string;
  readonly data: object;
}
type Step = (estate: NaiveEstate) => readonly Told[];

const sites = ['Redmond', 'Екатеринбург', 'oslo'];
const pools = [
  ['ocs01.contoso.com', 'ocs-2007-r2'],
  ['pool10.contoso.com', 'lync-2010'],
  ['pool13.contoso.com', 'lync-2013'],
  ['pool14.contoso.com', 'lync-2013'],
] as const;
const deployments = [
  ['chat07.contoso.com', 'ocs-2007-r2'],
  ['chat13.contoso.com', 'lync-2013'],
] as const;
const users = ['sip:anna@contoso.com', 'sip:boris@contoso.com', 'sip:carl@contoso.com', 'sip:dora@contoso.com'];
const tags = ['tag:Traders', 'tag:legal'];
const clients = ['lync-2013', 'group-chat-2010', 'group-chat-2007-r2'];
const rooms = ['Alpha', 'beta', 'Гамма'];

const none: readonly Told[] = [];
const told = (type: string, data: object): readonly Told[] => [{ type, data }];
const one = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);

const steps: fc.Arbitrary<Step> = fc.oneof(
  one(sites).map(
    (site): Step =>
      (estate) =>
        estate.sites.includes(site) ? none : told('SiteRegistered', { site }),
  ),
  fc.tuple(one(pools), one(sites)).map(
    ([[pool, generation], site]): Step =>
      (estate) =>
        !estate.sites.includes(site) || estate.pools[pool] ? none : told('PoolRegistered', { pool, generation, site }),
  ),
  fc.tuple(one(pools), fc.boolean()).map(
    ([[pool], seal]): Step =>
      (estate) =>
        estate.pools[pool] ? told(seal ? 'PoolSealed' : 'PoolUnsealed', { pool }) : none,
  ),
  fc.tuple(one(deployments), one(pools)).map(([[deployment, generation], [to]]): Step => {
    return (estate) => {
      if (!estate.pools[to]) return none;
      const known = estate.deployments[deployment];
      if (!known) return told('DeploymentRegistered', { deployment, generation, homedOn: to });
      return known.homedOn === to ? none : told('DeploymentRehomed', { deployment, from: known.homedOn, to });
    };
  }),
  one(deployments).map(
    ([deployment]): Step =>
      (estate) =>
        estate.deployments[deployment] ? told('DeploymentDecommissioned', { deployment, gates: [] }) : none,
  ),
  fc.constantFrom('sip:gc@contoso.com', 'sip:ma@contoso.com').map((uri): Step => {
    return (estate) => {
      if (!estate.deployments['chat13.contoso.com']) return none;
      return told(estate.endpoints[uri] ? 'LegacyEndpointRemoved' : 'LegacyEndpointAdded', {
        deployment: 'chat13.contoso.com',
        uri,
      });
    };
  }),
  fc.tuple(one([...tags, 'global', 'site:Redmond', 'site:oslo']), fc.nat(3)).map(([policy, what]): Step => {
    return (estate) => {
      const known = estate.policies[policy.toLowerCase()];
      if (policy.startsWith('site:') && !estate.sites.includes(policy.slice(5))) return none;
      if (!known) return told('PolicyCreated', { policy, enabled: what % 2 === 0 });
      const held = Object.values(estate.users).some(({ granted }) => granted === policy);
      if (what === 3 && policy !== 'global' && !held) return told('PolicyRemoved', { policy });
      return known.enabled ? told('PolicyDisabled', { policy }) : told('PolicyEnabled', { policy });
    };
  }),
  fc.tuple(one(users), fc.constantFrom('Анна Öberg', 'Boris', undefined)).map(([user, displayName]): Step => {
    return (estate) => {
      const known = estate.users[user];
      if (!known || known.retired) return told('UserEnrolled', { user, ...(displayName && { displayName }) });
      return displayName ? told('UserDescribed', { user, displayName }) : none;
    };
  }),
  fc.tuple(one(users), one(pools)).map(([user, [to]]): Step => {
    return (estate) => {
      const known = estate.users[user];
      if (!known || known.retired || !estate.pools[to] || known.pool === to) return none;
      return told('UserHomed', { user, from: known.pool, to });
    };
  }),
  fc.tuple(one(users), one(tags)).map(([user, policy]): Step => {
    return (estate) => {
      const known = estate.users[user];
      if (!known || known.retired) return none;
      if (known.granted === policy) return told('PolicyRevoked', { user, policy, because: 'asked' });
      return estate.policies[policy.toLowerCase()] ? told('PolicyGranted', { user, policy }) : none;
    };
  }),
  fc.tuple(one(users), one(clients), one(deployments)).map(([user, client, [deployment]]): Step => {
    return (estate) => {
      const known = estate.users[user];
      if (!known || known.retired || !estate.deployments[deployment]) return none;
      const before = known.clients[client]?.deployment;
      const end = before
        ? told('ClientDisconnected', { user, client, deployment: before, because: 'connected-elsewhere' })
        : none;
      return before === deployment ? end : [...end, ...told('ClientConnected', { user, client, deployment })];
    };
  }),
  one(users).map((user): Step => {
    return (estate) => {
      const known = estate.users[user];
      if (!known || known.retired) return none;
      const because = 'user-retired';
      return [
        ...Object.entries(known.clients).flatMap(([client, { deployment }]) =>
          told('ClientDisconnected', { user, client, deployment, because }),
        ),
        ...(known.granted === null ? none : told('PolicyRevoked', { user, policy: known.granted, because })),
        ...told('UserRetired', { user }),
      ];
    };
  }),
  fc.tuple(one(deployments), one(rooms), fc.nat(3)).map(([[deployment], room, what]): Step => {
    return (estate) => {
      if (!estate.deployments[deployment]) return none;
      const category = 'General';
      const flags = { parent: null, invitations: true, fileUpload: true, chatHistory: true };
      if (!estate.categories[deployment]) return told('CategoryAdded', { deployment, category, ...flags });
      const known = estate.rooms[deployment]?.[room];
      const properties = { type: 'normal', privacy: 'open', addIn: null };
      if (!known) return told('RoomAdded', { deployment, room, category, ...properties });
      if (what === 0) return told('RoomRemoved', { deployment, room });
      return told(known.excluded ? 'RoomIncluded' : 'RoomExcluded', { deployment, room, reason: 'old' });
    };
  }),
  fc.constantFrom('dns-records-updated', 'contact-objects-moved').map(
    (gate): Step =>
      (estate) =>
        estate.pools['ocs01.contoso.com']
          ? told('GateAttested', { subject: 'pool:ocs01.contoso.com', gate, evidence: 'seen' })
          : none,
  ),
);

/** What every story begins with, so that most steps have something to happen to. */
const beginning: readonly Step[] = [
  ...sites.slice(0, 2).map(
    (site): Step =>
      () =>
        told('SiteRegistered', { site }),
  ),
  ...pools.slice(0, 3).map(([pool, generation], index): Step => {
    return () => told('PoolRegistered', { pool, generation, site: sites[index % 2] });
  }),
  ...deployments.map(([deployment, generation], index): Step => {
    return () => told('DeploymentRegistered', { deployment, generation, homedOn: pools[index * 2]?.[0] });
  }),
  ...users.map(
    (user): Step =>
      () =>
        told('UserEnrolled', { user }),
  ),
];

/** Steps of a story in which only happens what may; each is asked what happens, given the estate so far. */
export const stories = fc
  .array(steps, { minLength: 30, maxLength: 90, size: 'max' })
  .map((then) => [...beginning, ...then]);
