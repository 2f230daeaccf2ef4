import { foldCase } from '#kernel';
import type { Revision } from '#event-log';
import type { UserEvent } from '#homing';
import type { Database, Statement } from 'better-sqlite3';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { BulkInsert } from '../storage/bulk-insert.js';
import { CountHistory, countSchema, type CountSpec } from '../storage/count-history.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';

const text = 'text' as const;
const integer = 'integer' as const;

const people = {
  table: 'person',
  key: { user_id: integer },
  // `search` is the SIP address and the display name, lower-case, a line each.
  columns: { display_name: text, guid: text, search: text },
} satisfies VersionedSpec;
const homings = {
  table: 'homing',
  key: { user_id: integer },
  columns: { group_id: integer },
  indexes: ['group_id, valid_to'],
} satisfies VersionedSpec;
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
  version: 2,
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
  schema: [
    'create table if not exists user (id integer primary key, user text not null unique);',
    ...[people, homings, connections].map(versionedSchema),
    ...[groups, connected].map(countSchema),
  ].join('\n'),
  open: (db) => new UsersWriter(db),
};

interface Group {
  readonly id: number;
  readonly pool: string | null;
  /** Folded. */
  readonly policy: string | null;
  readonly retired: boolean;
}

const idsKeptMax = 50_000;
const firstRevision: Revision = 0n;

class UsersWriter implements ProjectionWriter {
  private readonly people: VersionedTable<typeof people>;
  private readonly homings: VersionedTable<typeof homings>;
  private readonly connections: VersionedTable<typeof connections>;
  private readonly groupCounts: CountHistory;
  private readonly connectedCounts: CountHistory;
  private readonly groups = new Map<number, Group>();
  private readonly ids = new Map<string, number>();
  private readonly findId: Statement;
  private readonly addUser: BulkInsert;
  private lastId: number;

  constructor(db: Database) {
    this.people = new VersionedTable(db, people);
    this.homings = new VersionedTable(db, homings);
    this.connections = new VersionedTable(db, connections);
    this.groupCounts = new CountHistory(db, groups);
    this.connectedCounts = new CountHistory(db, connected);
    this.findId = db.prepare('select id from user where user = ?').pluck();
    this.addUser = new BulkInsert(db, 'user', 2);
    this.lastId = (db.prepare('select max(id) from user').pluck().get() as number | null) ?? 0;
    type Stored = Omit<Group, 'retired'> & { readonly retired: number };
    for (const { retired, ...group } of db.prepare('select * from user_group').all() as Stored[])
      this.groups.set(group.id, { ...group, retired: retired === 1 });
  }

  apply(events: readonly ProjectedEvent[]): void {
    for (const each of events) this.one({ type: each.event.type, data: each.data } as unknown as UserEvent, each);
    this.addUser.flush();
    for (const table of [this.people, this.homings, this.connections]) table.flush();
    this.groupCounts.flush();
    this.connectedCounts.flush();
    if (this.ids.size > idsKeptMax) this.ids.clear();
  }

  private one({ type, data }: UserEvent, { position, event }: ProjectedEvent): void {
    switch (type) {
      case 'UserEnrolled': {
        const id = this.enrol(data.user, event.revision);
        this.describe(position, id, data.user, data.displayName ?? null, data.guid ?? null);
        return this.move(position, id, { pool: null, policy: null, retired: false });
      }
      case 'UserDescribed': {
        const id = this.known(data.user);
        const before = this.people.current(id);
        const displayName = data.displayName ?? (before?.display_name as string | null) ?? null;
        return this.describe(
          position,
          id,
          data.user,
          displayName,
          data.guid ?? (before?.guid as string | null) ?? null,
        );
      }
      case 'UserHomed':
        return this.move(position, this.known(data.user), { pool: data.to });
      case 'UserRetired':
        return this.move(position, this.known(data.user), { pool: null, policy: null, retired: true });
      case 'PolicyGranted':
        return this.move(position, this.known(data.user), { policy: foldCase(data.policy) });
      case 'PolicyRevoked':
        return this.move(position, this.known(data.user), { policy: null });
      case 'ClientConnected': {
        const { user, client, deployment } = data;
        const id = this.known(user);
        this.disconnect(position, id, client);
        this.connections.put(position, [id, client], { deployment, since: event.recordedAt });
        return this.connectedCounts.add(position, this.connectedCounts.id(deployment, client), 1);
      }
      case 'ClientDisconnected':
        return this.disconnect(position, this.known(data.user), data.client);
      default:
        throw new Error(`users have no place for ${(event as { type: string }).type}`);
    }
  }

  private describe(position: number, id: number, user: string, displayName: string | null, guid: string | null): void {
    const search = displayName === null ? user : `${user}\n${foldCase(displayName)}`;
    this.people.put(position, [id], { display_name: displayName, guid, search });
  }

  private disconnect(position: number, id: number, client: string): void {
    const current = this.connections.current(id, client);
    if (!current) return;
    this.connections.end(position, id, client);
    this.connectedCounts.add(position, this.connectedCounts.id(current.deployment, client), -1);
  }

  private move(position: number, id: number, change: Partial<Omit<Group, 'id'>>): void {
    const before = this.homings.current(id);
    const from = before && this.groups.get(before.group_id as number);
    const { pool = null, policy = null, retired = false } = { ...from, ...change };
    const to = this.group(pool, policy, retired);
    if (from?.id === to) return;
    this.homings.put(position, [id], { group_id: to });
    if (from) this.groupCounts.add(position, from.id, -1);
    this.groupCounts.add(position, to, 1);
  }

  private group(pool: string | null, policy: string | null, retired: boolean): number {
    const id = this.groupCounts.id(pool, policy, Number(retired));
    if (!this.groups.has(id)) this.groups.set(id, { id, pool, policy, retired });
    return id;
  }

  private known(user: string): number {
    const id = this.idOf(user);
    if (id === undefined) throw new Error(`${user} was never enrolled`);
    return id;
  }

  private idOf(user: string): number | undefined {
    const kept = this.ids.get(user);
    if (kept !== undefined) return kept;
    const id = this.findId.get(user) as number | undefined;
    if (id !== undefined) this.ids.set(user, id);
    return id;
  }

  /** The number of a user who comes, or comes back. Whose stream begins with this event has never been there. */
  private enrol(user: string, revision: Revision): number {
    const earlier = revision === firstRevision ? undefined : this.idOf(user);
    if (earlier !== undefined) return earlier;
    const id = ++this.lastId;
    this.addUser.value(id);
    this.addUser.value(user);
    this.ids.set(user, id);
    this.people.isNew(id);
    this.homings.isNew(id);
    return id;
  }
}
