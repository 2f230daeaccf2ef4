import type { Database } from 'better-sqlite3';
import { foldCase, subject, type Tally } from '#kernel';
import {
  type Fact,
  invitationsForcedOff,
  type KnownMigration,
  nameClashes,
  nameTooLong,
  nestedCategories,
} from '#migration';
import { contentOf, offendersMax } from '../estate/content-at.js';
import { held } from '../estate/content-projection.js';
import { TopologyAt } from '../estate/topology-at.js';
import { lastChangesAt } from '../storage/count-history.js';
import { prepared, row, rows } from '../storage/prepared.js';
import type { MigrationsAt } from './migrations-at.js';

interface CategoryRow {
  readonly name: string;
  /** Folded name. */
  readonly parent: string | null;
  readonly invitations: boolean;
}
interface RoomRow {
  readonly name: string;
  /** Folded name. */
  readonly category: string;
  readonly excluded: boolean;
}

const ofDeployment = 't.deployment = @deployment and t.valid_from <= @at and t.valid_to > @at';

/** What is measured of a legacy deployment's content, whether a migration of it is planned or not. */
export interface SourceFacts {
  readonly nameTooLong: Fact;
  readonly nestedCategories: Fact;
  readonly invitationsForcedOff: Fact;
}

export function sourceFacts(topology: TopologyAt, deployment: string): SourceFacts {
  const mark = contentMark(topology, deployment);
  return remember(topology.db, `source ${deployment} ${mark}`, () => {
    const categories = categoriesAt(topology, deployment);
    const rooms = (of: (category: CategoryRow) => boolean): readonly RoomRow[] => {
      const keys = Array.from(categories).filter(([, category]) => of(category));
      return includedRoomsAt(
        topology,
        deployment,
        keys.map(([key]) => key),
      );
    };
    const content = { deployment, categories };
    return {
      // A room in a category of the first level keeps its name.
      nameTooLong: nameTooLong({ ...content, rooms: rooms(({ parent }) => parent !== null) }),
      nestedCategories: nestedCategories({ ...content, rooms: [] }),
      invitationsForcedOff: invitationsForcedOff({ ...content, rooms: rooms(({ invitations }) => !invitations) }),
    };
  });
}

/** What an import of a run would overwrite if it were now. */
export function clashFacts(topology: TopologyAt, { source, target }: KnownMigration): Fact {
  const marks = `${contentMark(topology, source)} ${contentMark(topology, target)}`;
  return remember(topology.db, `clash ${source} ${target} ${marks}`, () => {
    const categories = categoriesAt(topology, source);
    const rooms = includedRoomsAt(topology, source, Array.from(categories.keys()));
    const has = (table: string) => {
      const keys = prepared(topology.db, `select t.key from content.${table} t where ${ofDeployment}`).pluck();
      return new Set(keys.all({ deployment: target, at: topology.at }) as string[]);
    };
    const addIns = rows<{ name: string }>(topology.db, `select t.name from content.add_in t where ${ofDeployment}`, {
      deployment: source,
      at: topology.at,
    });
    const names = { deployment: target, categories: has('category'), rooms: has('room'), addIns: has('add_in') };
    return nameClashes({ deployment: source, categories, rooms, addIns }, names);
  });
}

/** What was imported is on its way still: later batches deal with it, or the first one is not there yet. */
export function carryOverPending(topology: TopologyAt, migrations: MigrationsAt, run: KnownMigration): boolean {
  if (run.imported === null || run.closed === 'rolled-back') return false;
  const { position, remaining } = migrations.progress(run.migration);
  if (remaining !== null) return remaining > 0;
  const handedOver = contentOf(new TopologyAt(topology.db, position), run.source);
  return handedOver.categories + handedOver.rooms - handedOver.excludedRooms + handedOver.addIns > 0;
}

/** What a run has carried over and is in its target still: nobody has removed or overwritten it since. */
export function carriedThere(
  topology: TopologyAt,
  migrations: MigrationsAt,
  { source, target }: KnownMigration,
): { readonly categories: number; readonly rooms: number; readonly addIns: number } {
  const { db, at } = topology;
  // What another run overwrites there may leave every count as it was.
  const into = migrations.runs().filter(({ run }) => run.target === target);
  const position = Math.max(-1, ...into.map(({ run }) => migrations.progress(run.migration).position));
  return remember(db, `carried ${source} ${target} ${contentMark(topology, target)} ${position}`, () => {
    const count = (table: string): number =>
      row<{ count: number }>(
        db,
        `select count(*) as count from content.${table} t where ${ofDeployment} and t.carried_from = @source`,
        { at, deployment: target, source },
      )?.count ?? 0;
    return { categories: count('category'), rooms: count('room'), addIns: count('add_in') };
  });
}

/** The rooms of a source that are neither excluded nor carried over by its run. `named`: with the offenders, not only their number. */
export function roomsUnaccounted(
  topology: TopologyAt,
  migrations: MigrationsAt,
  source: string,
  run: KnownMigration | undefined,
  named: boolean,
): Tally {
  const { db, at } = topology;
  const { rooms: all, excludedRooms } = contentOf(topology, source);
  const { position, rooms: carried } = run ? migrations.progress(run.migration) : { position: -1, rooms: 0 };
  const asked = { at, deployment: source, migration: run?.migration ?? '' };
  const from = `from content.room t where ${ofDeployment} and t.excluded = 0
    and not exists (select 1 from migrations.carried_room c
      where c.migration = @migration and c.key = t.key and c.position <= @at)`;
  const count =
    carried === 0
      ? all - excludedRooms
      : remember(
          db,
          `unaccounted ${source} ${contentMark(topology, source)} ${asked.migration} ${position}`,
          () => row<{ count: number }>(db, `select count(*) as count ${from}`, asked)?.count ?? 0,
        );
  if (!named || count === 0) return { count, offenders: [] };
  const first = rows<{ name: string }>(db, `select t.name ${from} limit ${offendersMax}`, asked);
  return { count, offenders: first.map(({ name }) => subject.room(source, name)) };
}

function categoriesAt({ db, at }: TopologyAt, deployment: string): ReadonlyMap<string, CategoryRow> {
  const found = rows<{ key: string; name: string; parent: string | null; invitations: number }>(
    db,
    `select t.key, t.name, t.parent, t.invitations from content.category t where ${ofDeployment}`,
    { at, deployment },
  );
  return new Map(
    found.map(({ key, name, parent, invitations }) => [
      key,
      { name, parent: parent === null ? null : foldCase(parent), invitations: invitations === 1 },
    ]),
  );
}

/** The rooms of these categories that are not excluded. */
function includedRoomsAt(
  { db, at }: TopologyAt,
  deployment: string,
  categories: readonly string[],
): readonly RoomRow[] {
  if (categories.length === 0) return [];
  const found = rows<{ name: string; category: string }>(
    db,
    `select t.name, c.value as category from json_each(@categories) c cross join content.room t
     on t.deployment = @deployment and t.category_key = c.value and t.valid_to > @at and t.valid_from <= @at
     where t.excluded = 0`,
    { at, deployment, categories: JSON.stringify(categories) },
  );
  return found.map((each) => ({ ...each, excluded: false }));
}

const changes = `${lastChangesAt(held, 'content')} where deployment = @deployment`;

/** Where a deployment's content last changed in what it holds or what is excluded: what was found of it since still holds. */
function contentMark({ db, at }: TopologyAt, deployment: string): number {
  const found = rows<{ position: number | null }>(db, changes, { at, deployment });
  return Math.max(-1, ...found.map(({ position }) => position ?? -1));
}

const rememberedMax = 200;
const remembered = new WeakMap<Database, Map<string, unknown>>();

/** What was found under this key, looked for once; the oldest is forgotten first. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the key says what is found
function remember<T>(db: Database, key: string, find: () => T): T {
  const known = remembered.get(db) ?? new Map<string, unknown>();
  remembered.set(db, known);
  if (known.has(key)) return known.get(key) as T;
  const found = find();
  if (known.size >= rememberedMax) for (const oldest of known.keys().take(1)) known.delete(oldest);
  known.set(key, found);
  return found;
}
