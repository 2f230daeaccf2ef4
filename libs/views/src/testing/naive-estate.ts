import { clients, isLegacy, type GenerationId } from '#kernel';

/** All that an event may say; each type says some of it. */
export interface Said {
  readonly site: string;
  readonly pool: string;
  readonly generation: GenerationId;
  readonly deployment: string;
  readonly homedOn: string;
  readonly to: string;
  readonly uri: string;
  readonly policy: string;
  readonly enabled: boolean;
  readonly user: string;
  readonly displayName?: string;
  readonly client: string;
  readonly category: string;
  readonly room: string;
  readonly subject: string;
  readonly gate: string;
}

interface User {
  user: string;
  displayName: string | null;
  pool: string | null;
  granted: string | null;
  clients: Record<string, { deployment: string; since: string }>;
  retired: boolean;
}
interface Room {
  room: string;
  category: string;
  excluded: boolean;
}

/**
 * The estate as a person would keep it on paper: plain objects changed event by event, every answer worked out from
 * all users one by one. The oracle for the read models; it shares no code with them.
 */
export class NaiveEstate {
  sites: string[] = [];
  pools: Record<string, { generation: GenerationId; site: string; status: string }> = {};
  deployments: Record<string, { generation: GenerationId; homedOn: string; status: string }> = {};
  endpoints: Record<string, string> = {};
  policies: Record<string, { policy: string; enabled: boolean }> = { global: { policy: 'global', enabled: false } };
  users: Record<string, User> = {};
  rooms: Record<string, Record<string, Room>> = {};
  categories: Record<string, string[]> = {};
  attested: Record<string, string[]> = {};

  take(type: string, data: Said, recordedAt: string): void {
    const { pool, deployment, site, policy, user, client, room, category, uri, subject, gate } = data;
    const key = (policy as string | undefined)?.toLowerCase() ?? '';
    switch (type) {
      case 'SiteRegistered':
        this.sites.push(site);
        break;
      case 'PoolRegistered':
        this.pools[pool] = { generation: data.generation, site, status: 'active' };
        break;
      case 'PoolSealed':
      case 'PoolUnsealed':
        this.pools[pool]!.status = type === 'PoolSealed' ? 'sealed' : 'active';
        break;
      case 'DeploymentRegistered':
        this.deployments[deployment] = { generation: data.generation, homedOn: data.homedOn, status: 'active' };
        break;
      case 'DeploymentRehomed':
        this.deployments[deployment]!.homedOn = data.to;
        break;
      case 'DeploymentDecommissioned':
        this.deployments[deployment]!.status = 'decommissioned';
        break;
      case 'LegacyEndpointAdded':
        this.endpoints[uri] = deployment;
        break;
      case 'LegacyEndpointRemoved':
        delete this.endpoints[uri];
        break;
      case 'PolicyCreated':
        this.policies[key] = { policy, enabled: data.enabled };
        break;
      case 'PolicyEnabled':
      case 'PolicyDisabled':
        this.policies[key]!.enabled = type === 'PolicyEnabled';
        break;
      case 'PolicyRemoved':
        delete this.policies[key];
        break;
      case 'UserEnrolled':
        this.users[user] = {
          user,
          displayName: data.displayName ?? null,
          pool: null,
          granted: null,
          clients: {},
          retired: false,
        };
        break;
      case 'UserDescribed':
        this.users[user]!.displayName = data.displayName ?? null;
        break;
      case 'UserHomed':
        this.users[user]!.pool = data.to;
        break;
      case 'PolicyGranted':
        this.users[user]!.granted = policy;
        break;
      case 'PolicyRevoked':
        this.users[user]!.granted = null;
        break;
      case 'UserRetired':
        this.users[user] = { ...this.users[user]!, pool: null, retired: true };
        break;
      case 'ClientConnected':
        this.users[user]!.clients[client] = { deployment, since: recordedAt };
        break;
      case 'ClientDisconnected':
        delete this.users[user]!.clients[client];
        break;
      case 'CategoryAdded':
        (this.categories[deployment] ??= []).push(category);
        break;
      case 'RoomAdded':
        (this.rooms[deployment] ??= {})[room] = { room, category, excluded: false };
        break;
      case 'RoomExcluded':
      case 'RoomIncluded':
        this.rooms[deployment]![room]!.excluded = type === 'RoomExcluded';
        break;
      case 'RoomRemoved':
        delete this.rooms[deployment]![room];
        break;
      case 'GateAttested':
        (this.attested[subject] ??= []).push(gate);
        break;
      default:
        throw new Error(`nobody told this estate of ${type}`);
    }
  }

  copy(): NaiveEstate {
    return Object.assign(new NaiveEstate(), JSON.parse(JSON.stringify(this)));
  }

  listUsers(retired: boolean): object[] {
    return this.sorted(this.users)
      .filter((user) => user.retired === retired)
      .map((user) => this.showUser(user));
  }

  showUser({ user, displayName, pool, granted, clients: connections, retired }: User) {
    const home = pool === null ? null : this.pools[pool]!;
    const effective =
      (granted === null ? undefined : this.policies[granted.toLowerCase()]) ??
      (home ? this.policies[`site:${home.site}`.toLowerCase()] : undefined) ??
      this.policies['global']!;
    const on2013 = home?.generation === 'lync-2013';
    return {
      user,
      displayName,
      guid: null,
      pool,
      site: home?.site ?? null,
      generation: home?.generation ?? null,
      granted,
      effectivePolicy: { ...effective },
      ready: on2013 && effective.enabled,
      notReady: [
        ...(on2013 ? [] : ['client.not-homed-on-2013']),
        ...(effective.enabled ? [] : ['client.policy-disabled']),
      ],
      clients: Object.keys(connections)
        .toSorted()
        .map((client) => ({ client, ...connections[client]! })),
      retired,
    };
  }

  countUsers(pool: string) {
    const here = this.present().filter((user) => user.pool === pool);
    return {
      homed: here.length,
      enabled: here.filter(({ effectivePolicy }) => effectivePolicy.enabled).length,
      ready: here.filter(({ ready }) => ready).length,
    };
  }

  present() {
    return Object.values(this.users)
      .filter(({ retired }) => !retired)
      .map((user) => this.showUser(user));
  }

  listPools(): object[] {
    return Object.keys(this.pools)
      .toSorted()
      .map((pool) => {
        const { generation, site, status } = this.pools[pool]!;
        const users = this.countUsers(pool);
        const deployments = Object.keys(this.deployments)
          .filter((id) => this.deployments[id]!.homedOn === pool && this.deployments[id]!.status !== 'decommissioned')
          .toSorted();
        const attested = this.attested[`pool:${pool}`] ?? [];
        const openGates = [
          ...(users.homed > 0 ? ['users-gone'] : []),
          ...(deployments.length > 0 ? ['deployments-gone'] : []),
          ...(status === 'active' ? ['sealed'] : []),
          ...[
            'contact-objects-moved',
            'conference-directories-moved',
            'central-management-moved',
            'call-admission-rehosted',
            'dns-records-updated',
          ].filter((gate) => !attested.includes(gate)),
        ];
        return { pool, generation, site, status, users, deployments, openGates: isLegacy(generation) ? openGates : [] };
      });
  }

  listDeployments(): object[] {
    return Object.keys(this.deployments)
      .toSorted()
      .map((deployment) => {
        const { generation, homedOn, status } = this.deployments[deployment]!;
        const rooms = Object.values(this.rooms[deployment] ?? {});
        const categories = this.categories[deployment] ?? [];
        const connected = (client: string): number =>
          Object.values(this.users).filter(({ clients: own }) => own[client]?.deployment === deployment).length;
        const counts = Object.fromEntries(clients.map((client) => [client, connected(client)]));
        const openGates = [
          ...(rooms.length + categories.length > 0 ? ['migrated'] : []),
          ...(rooms.some(({ excluded }) => !excluded) ? ['rooms-accounted'] : []),
          ...(clients.some((client) => connected(client) > 0) ? ['clients-gone'] : []),
          ...(status === 'active' ? ['sealed'] : []),
          ...['group-chat-uninstalled', 'trusted-application-removed', 'backup-kept'],
        ];
        return {
          deployment,
          name: null,
          generation,
          homedOn,
          site: this.pools[homedOn]!.site,
          status,
          users: this.countUsers(homedOn),
          content: {
            categories: categories.length,
            rooms: rooms.length,
            addIns: 0,
            excludedRooms: rooms.filter(({ excluded }) => excluded).length,
          },
          clients: counts,
          legacyEndpoints: Object.keys(this.endpoints)
            .filter((uri) => this.endpoints[uri] === deployment)
            .toSorted(),
          migration: null,
          openGates: isLegacy(generation) ? openGates : [],
        };
      });
  }

  listPolicies(): object[] {
    const present = this.present();
    return this.sorted(this.policies).map(({ policy, enabled }) => ({
      policy,
      enabled,
      granted: present.filter(({ granted }) => granted === policy).length,
      effectiveFor: present.filter(({ effectivePolicy }) => effectivePolicy.policy === policy).length,
    }));
  }

  listSites(): object[] {
    return this.sites
      .toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      .map((site) => {
        const policy = this.policies[`site:${site}`.toLowerCase()];
        const pools = Object.keys(this.pools).filter((pool) => this.pools[pool]!.site === site);
        return { site, pools: pools.toSorted(), policy: policy ? { enabled: policy.enabled } : null };
      });
  }

  listRooms(deployment: string): object[] {
    return this.sorted(this.rooms[deployment] ?? {}).map(({ room, category, excluded }) => ({
      deployment,
      room,
      category,
      type: 'normal',
      privacy: 'open',
      addIn: null,
      excluded,
      carriedOverFrom: null,
    }));
  }

  private sorted<T>(things: Record<string, T>): T[] {
    return Object.keys(things)
      .toSorted()
      .map((key) => things[key] as T);
  }
}
