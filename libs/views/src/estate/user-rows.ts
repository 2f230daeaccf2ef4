import { foldCase } from '#kernel';
import type { Database, Statement } from 'better-sqlite3';
import { BulkInsert } from '../storage/bulk-insert.js';

// A user's row says what holds now, and since when; what held before has rows of its own. Most users are enrolled, described and homed
// once: a row each is what they cost.
export const userSchema = `
  create table if not exists user (id integer primary key, user text not null unique, enrolled integer not null,
    described integer not null, display_name text, folded_name text, guid text, homed integer not null, group_id integer not null);
  create index if not exists user_members on user (group_id, homed);
  create table if not exists past_home (user_id integer not null, valid_from integer not null, valid_to integer not null,
    group_id integer not null, primary key (user_id, valid_from)) without rowid;
  create index if not exists past_home_members on past_home (group_id, valid_to);
  create table if not exists past_description (user_id integer not null, valid_from integer not null, valid_to integer not null,
    display_name text, folded_name text, guid text, primary key (user_id, valid_from)) without rowid;`;

const asOf = (since: string, column: string, past: string): string =>
  `case when u.${since} <= @at then u.${column} else (select p.${column} from users.${past} p
     where p.user_id = u.id and p.valid_from <= @at order by p.valid_from desc limit 1) end`;

/** Of `users.user u` as of `@at`, where `there` holds. */
export const userAt = {
  there: 'u.enrolled <= @at',
  groupId: asOf('homed', 'group_id', 'past_home'),
  displayName: asOf('described', 'display_name', 'past_description'),
  foldedName: asOf('described', 'folded_name', 'past_description'),
  guid: asOf('described', 'guid', 'past_description'),
} as const;

/** The ids of those who were in one of `@groups` (JSON) as of `@at`: `user_id`, `group_id`. */
export const membersAt = `
  select u.id as user_id, u.group_id from json_each(@groups) g cross join users.user u
    on u.group_id = g.value and u.homed <= @at
  union all
  select p.user_id, p.group_id from json_each(@groups) g cross join users.past_home p
    on p.group_id = g.value and p.valid_to > @at and p.valid_from <= @at`;

export interface Description {
  readonly displayName: string | null;
  readonly guid: string | null;
}

/** What holds now; changed only by `UserRows`. */
export interface UserRow {
  readonly id: number;
  readonly user: string;
  readonly enrolled: number;
  readonly homed: number;
  readonly groupId: number;
  readonly described: number;
  readonly displayName: string | null;
  readonly guid: string | null;
}

interface Entry extends UserRow {
  homed: number;
  groupId: number;
  described: number;
  displayName: string | null;
  guid: string | null;
  /** What the file does not have yet. */
  unwritten: { readonly all: boolean; home: boolean; description: boolean } | undefined;
}

/** Most users are met again at once or much later. */
const entriesKeptMax = 10_000;

const folded = (name: string | null): string | null => (name === null ? null : foldCase(name));

/** Writes users. Within a batch everything stays in memory: a user who comes and is homed in it is written once. `flush` ends the batch. */
export class UserRows {
  private readonly entries = new Map<string, Entry>();
  private touched: Entry[] = [];
  private lastId: number;
  private readonly select: Statement<[string], UserRow>;
  private readonly insert: BulkInsert;
  private readonly updateHome: Statement;
  private readonly updateDescription: Statement;
  private readonly pastHome: BulkInsert;
  private readonly pastDescription: BulkInsert;

  constructor(db: Database) {
    this.lastId = (db.prepare('select max(id) from user').pluck().get() as number | null) ?? 0;
    this.select = db.prepare(
      'select id, user, enrolled, homed, group_id as groupId, described, display_name as displayName, guid from user where user = ?',
    );
    this.insert = new BulkInsert(db, 'user', 9);
    this.updateHome = db.prepare('update user set homed = ?, group_id = ? where id = ?');
    this.updateDescription = db.prepare(
      'update user set described = ?, display_name = ?, folded_name = ?, guid = ? where id = ?',
    );
    this.pastHome = new BulkInsert(db, 'past_home', 4);
    this.pastDescription = new BulkInsert(db, 'past_description', 6);
  }

  of(user: string): UserRow | undefined {
    return this.entry(user);
  }

  /** Who never was here before. */
  add(position: number, user: string, groupId: number, { displayName, guid }: Description): void {
    const id = ++this.lastId;
    const since = { enrolled: position, homed: position, described: position };
    const unwritten = { all: true, home: false, description: false };
    const entry = { id, user, ...since, groupId, displayName, guid, unwritten };
    this.entries.set(user, entry);
    this.touched.push(entry);
  }

  move(position: number, user: string, groupId: number): void {
    const entry = this.known(user);
    const { id, homed } = entry;
    if (homed < position) this.pastHome.add(id, homed, position, entry.groupId);
    entry.homed = position;
    entry.groupId = groupId;
    this.touch(entry).home = true;
  }

  describe(position: number, user: string, { displayName, guid }: Description): void {
    const entry = this.known(user);
    const { id, described } = entry;
    if (described < position)
      this.pastDescription.add(id, described, position, entry.displayName, folded(entry.displayName), entry.guid);
    entry.described = position;
    entry.displayName = displayName;
    entry.guid = guid;
    this.touch(entry).description = true;
  }

  flush(): void {
    for (const entry of this.touched) this.write(entry);
    this.touched = [];
    for (const table of [this.insert, this.pastHome, this.pastDescription]) table.flush();
    if (this.entries.size > entriesKeptMax) this.entries.clear();
  }

  private write(entry: Entry): void {
    const { id, user, enrolled, homed, groupId, described, displayName, guid, unwritten } = entry;
    entry.unwritten = undefined;
    if (unwritten?.all)
      return this.insert.add(id, user, enrolled, described, displayName, folded(displayName), guid, homed, groupId);
    if (unwritten?.home) this.updateHome.run(homed, groupId, id);
    if (unwritten?.description) this.updateDescription.run(described, displayName, folded(displayName), guid, id);
  }

  private touch(entry: Entry): NonNullable<Entry['unwritten']> {
    if (!entry.unwritten) {
      entry.unwritten = { all: false, home: false, description: false };
      this.touched.push(entry);
    }
    return entry.unwritten;
  }

  private known(user: string): Entry {
    const entry = this.entry(user);
    if (!entry) throw new Error(`${user} was never enrolled`);
    return entry;
  }

  private entry(user: string): Entry | undefined {
    const kept = this.entries.get(user);
    if (kept) return kept;
    const stored = this.select.get(user);
    if (!stored) return undefined;
    const entry = { ...stored, unwritten: undefined };
    this.entries.set(user, entry);
    return entry;
  }
}
