import type { Database } from 'better-sqlite3';
import type { ClientId } from '#kernel';
import { row, rows } from '../storage/prepared.js';
import type { GroupAt } from './groups-at.js';
import { membersAt, userAt } from './user-rows.js';

/** A user's own row; the rest follows from the group. */
export interface UserRow {
  readonly id: number;
  readonly user: string;
  readonly groupId: number;
  readonly displayName: string | null;
  readonly guid: string | null;
}

export interface ConnectionRow {
  readonly client: ClientId;
  readonly deployment: string;
  readonly since: string;
}

/** Which users: those of these groups, and where given with this text and this client. */
export interface UserFilter {
  readonly groups: readonly GroupAt[];
  /** All the other groups. */
  readonly otherGroups: readonly GroupAt[];
  /** Lower-case. */
  readonly q: string | undefined;
  readonly client: ClientId | undefined;
}

export interface UserPage {
  readonly users: readonly UserRow[];
  readonly total: number;
}

const columns = `u.id, u.user, ${userAt.groupId} as groupId, ${userAt.displayName} as displayName, ${userAt.guid} as guid`;
const { there } = userAt;
const inGroups = `${userAt.groupId} in (select value from json_each(@groups))`;
const hasText = `(instr(u.user, @q) > 0 or instr(${userAt.foldedName}, @q) > 0)`;
const holdsClient = 'c.client = @client and c.valid_from <= @at and c.valid_to > @at';

// Up to this many candidates are sorted; more are met soon enough while walking in the order of SIP addresses.
const candidatesMax = 5000;

export function oneUserAt(db: Database, at: number, user: string): UserRow | undefined {
  return row<UserRow>(db, `select ${columns} from users.user u where u.user = @user and ${there}`, { at, user });
}

/** The clients of these users, by user. */
export function connectionsOf(db: Database, at: number, ids: readonly number[]): ReadonlyMap<number, ConnectionRow[]> {
  const found = rows<ConnectionRow & { userId: number }>(
    db,
    `select c.user_id as userId, c.client, c.deployment, c.since from json_each(@ids) i
     cross join users.connection c on c.user_id = i.value and c.valid_from <= @at and c.valid_to > @at
     order by c.user_id, c.client`,
    { at, ids: JSON.stringify(ids) },
  );
  return Map.groupBy(found, ({ userId }) => userId);
}

/** A page of users after this SIP address, and how many there are in all. */
export function usersAt(db: Database, at: number, filter: UserFilter, after: string, limit: number): UserPage {
  const { groups, q, client } = filter;
  const inAll = headcount(groups);
  if (inAll === 0) return { users: [], total: 0 };
  const asked = { at, groups: idsOf(groups), ...(q !== undefined && { q }), ...(client !== undefined && { client }) };
  const page = { ...asked, after, limit };
  const candidates = candidatesOf(db, asked, filter);
  if (candidates) {
    const ids = JSON.stringify(candidates);
    const from = `from json_each(@ids) i cross join users.user u on u.id = i.value where ${inGroups}`;
    const total = row<{ total: number }>(db, `select count(*) as total ${from}`, { ...asked, ids });
    return { users: sorted(db, `select u.id, u.user ${from}`, { ...page, ids }), total: total?.total ?? 0 };
  }
  if (q === undefined && client === undefined && sortingIsLess(inAll, inAll + headcount(filter.otherGroups), limit)) {
    const from = `select u.id, u.user from (${membersAt}) m cross join users.user u on u.id = m.user_id where true`;
    return { users: sorted(db, from, page), total: inAll };
  }
  const where = [
    there,
    inGroups,
    ...(q === undefined ? [] : [hasText]),
    ...(client === undefined
      ? []
      : [`exists (select 1 from users.connection c where c.user_id = u.id and ${holdsClient})`]),
  ].join(' and ');
  const from = `from users.user u where ${where}`;
  const users = rows<UserRow>(db, `select ${columns} ${from} and u.user > @after order by u.user limit @limit`, page);
  if (q === undefined && client === undefined) return { users, total: inAll };
  if (client === undefined && headcount(filter.otherGroups) <= candidatesMax)
    return { users, total: countFound(db, asked, filter.otherGroups) };
  return { users, total: row<{ total: number }>(db, `select count(*) as total ${from}`, asked)?.total ?? 0 };
}

/** Whether to sort these users rather than to walk among all until the page is full. */
function sortingIsLess(users: number, all: number, limit: number): boolean {
  return users <= candidatesMax && users * users < all * limit;
}

type Asked = Readonly<Record<string, unknown>>;

/** Everybody with the text but those of the few other groups: one pass over the users instead of a look at each one's group. */
function countFound(db: Database, asked: Asked, otherGroups: readonly GroupAt[]): number {
  const found = row<{ total: number }>(
    db,
    `select (select count(*) from users.user u where ${there} and ${hasText})
      - (select count(*) from (${membersAt}) m cross join users.user u on u.id = m.user_id where ${hasText})
      as total`,
    { ...asked, groups: idsOf(otherGroups) },
  );
  return found?.total ?? 0;
}

/** Sorts few rows of id and user, and looks up the rest for the page. `from` ends in a condition. */
function sorted(db: Database, from: string, page: Asked): readonly UserRow[] {
  return rows<UserRow>(
    db,
    `select ${columns} from (${from} and u.user > @after order by u.user limit @limit) s
     cross join users.user u on u.id = s.id order by u.user`,
    page,
  );
}

/** The ids of those who have the text and the client, where they are few; undefined where it is better to walk. */
function candidatesOf(db: Database, asked: Asked, { q, client }: UserFilter): readonly number[] | undefined {
  const withText =
    q === undefined ? undefined : ids(db, `select u.id from users.user u where ${there} and ${hasText}`, asked);
  const withClient =
    client === undefined
      ? undefined
      : ids(db, `select c.user_id as id from users.connection c where ${holdsClient}`, asked);
  if (!withText || !withClient) return withText ?? withClient;
  const both = new Set(withText);
  return withClient.filter((id) => both.has(id));
}

function ids(db: Database, sql: string, asked: Asked): readonly number[] | undefined {
  const found = rows<{ id: number }>(db, `${sql} limit ${candidatesMax + 1}`, asked);
  return found.length > candidatesMax ? undefined : found.map(({ id }) => id);
}

const headcount = (groups: readonly GroupAt[]): number => groups.reduce((sum, { count }) => sum + count, 0);
const idsOf = (groups: readonly GroupAt[]): string => JSON.stringify(groups.map(({ id }) => id));
