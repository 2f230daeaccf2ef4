import { foldCase } from '#kernel';
import type { Revision } from '#event-log';
import type { UserEvent } from '#homing';
import type { Database } from 'better-sqlite3';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { CountHistory, countSchema, type CountSpec } from '../storage/count-history.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';
import { type UserRow, UserRows, userSchema } from './user-rows.js';

const text = 'text' as const;
const integer = 'integer' as const;

const connections = {
  table: 'connection',
  key: { user_id: integer, client: text },
  columns: { deployment: text, since: text },
  indexes: ['deployment, valid_to', 'client, valid_to'],
} satisfies VersionedSpec;

/** Users are counted by group: where they are homed and what is granted to them. Whatever follows from that follows for the group. */
export const groups: CountSpec = { table: 'user_group', columns: ['pool', 'policy', 'retired'] };
export const connected: CountSpec = { table: 'connected', columns: ['deployment', 'client'] };

export const usersProjection: Projection = {
  name: 'users',
  version: 3,
  types: [
    'UserEnrolled',
    'UserDescribed',
    'UserHomed',
    'UserRetired',
    'PolicyGranted',
    'PolicyRevoked',
    'ClientConnected',
    'ClientDisconnected',
  ] satisfies readonly UserEvent['type'][],
  schema: [userSchema, versionedSchema(connections), ...[groups, connected].map(countSchema)].join('\n'),
  open: (db) => new UsersWriter(db),
};

interface Group {
  readonly id: number;
  readonly pool: string | null;
  /** Folded. */
  readonly policy: string | null;
  readonly retired: boolean;
}

const nowhere = { pool: null, policy: null, retired: false } as const;
const firstRevision: Revision = 0n;

type Enrolled = Extract<UserEvent, { type: 'UserEnrolled' }>['data'];

class UsersWriter implements ProjectionWriter {
  private readonly users: UserRows;
  private readonly connections: VersionedTable<typeof connections>;
  private readonly groupCounts: CountHistory;
  private readonly connectedCounts: CountHistory;
  private readonly groups = new Map<number, Group>();

  constructor(db: Database) {
    this.users = new UserRows(db);
    this.connections = new VersionedTable(db, connections);
    this.groupCounts = new CountHistory(db, groups);
    this.connectedCounts = new CountHistory(db, connected);
    type Stored = Omit<Group, 'retired'> & { readonly retired: number };
    for (const { retired, ...group } of db.prepare('select * from user_group').all() as Stored[])
      this.groups.set(group.id, { ...group, retired: retired === 1 });
  }

  apply(events: readonly ProjectedEvent[]): void {
    for (const each of events) this.one({ type: each.event.type, data: each.data } as unknown as UserEvent, each);
    this.users.flush();
    this.connections.flush();
    this.groupCounts.flush();
    this.connectedCounts.flush();
  }

  private one({ type, data }: UserEvent, { position, event }: ProjectedEvent): void {
    switch (type) {
      case 'UserEnrolled':
        return this.enrol(position, data, event.revision);
      case 'UserDescribed': {
        const { displayName, guid } = this.known(data.user);
        const description = { displayName: data.displayName ?? displayName, guid: data.guid ?? guid };
        return this.users.describe(position, data.user, description);
      }
      case 'UserHomed':
        return this.move(position, data.user, { pool: data.to });
      case 'UserRetired':
        return this.move(position, data.user, { pool: null, policy: null, retired: true });
      case 'PolicyGranted':
        return this.move(position, data.user, { policy: foldCase(data.policy) });
      case 'PolicyRevoked':
        return this.move(position, data.user, { policy: null });
      case 'ClientConnected': {
        const { user, client, deployment } = data;
        const { id } = this.known(user);
        this.disconnect(position, id, client);
        this.connections.put(position, [id, client], { deployment, since: event.recordedAt });
        return this.connectedCounts.add(position, this.connectedCounts.id(deployment, client), 1);
      }
      case 'ClientDisconnected':
        return this.disconnect(position, this.known(data.user).id, data.client);
      default:
        throw new Error(`users have no place for ${(event as { type: string }).type}`);
    }
  }

  /** One who comes, or comes back. Whose stream begins with this event has never been here. */
  private enrol(position: number, { user, displayName, guid }: Enrolled, revision: Revision): void {
    const description = { displayName: displayName ?? null, guid: guid ?? null };
    if (revision !== firstRevision && this.users.of(user)) {
      this.users.describe(position, user, description);
      return this.move(position, user, nowhere);
    }
    const group = this.group(nowhere.pool, nowhere.policy, nowhere.retired);
    this.users.add(position, user, group, description);
    this.groupCounts.add(position, group, 1);
  }

  private disconnect(position: number, id: number, client: string): void {
    const current = this.connections.current(id, client);
    if (!current) return;
    this.connections.end(position, id, client);
    this.connectedCounts.add(position, this.connectedCounts.id(current.deployment, client), -1);
  }

  private move(position: number, user: string, change: Partial<Omit<Group, 'id'>>): void {
    const { groupId } = this.known(user);
    const { pool = null, policy = null, retired = false } = { ...this.groups.get(groupId), ...change };
    const to = this.group(pool, policy, retired);
    if (to === groupId) return;
    this.users.move(position, user, to);
    this.groupCounts.add(position, groupId, -1);
    this.groupCounts.add(position, to, 1);
  }

  private group(pool: string | null, policy: string | null, retired: boolean): number {
    const id = this.groupCounts.id(pool, policy, Number(retired));
    if (!this.groups.has(id)) this.groups.set(id, { id, pool, policy, retired });
    return id;
  }

  private known(user: string): UserRow {
    const row = this.users.of(user);
    if (!row) throw new Error(`${user} was never enrolled`);
    return row;
  }
}
