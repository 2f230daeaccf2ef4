import type { Database } from 'better-sqlite3';
import { clients, type Subject, subject } from '#kernel';
import { rows } from '../storage/prepared.js';
import { type TokenRow, tokenOf } from '../estate/tokens-view.js';
import { TopologyAt } from '../estate/topology-at.js';
import { userAt } from '../estate/user-rows.js';
import { MigrationsAt } from '../migration/migrations-at.js';

/** What is recorded of a subject, by the names that the views use; lists are sorted. */
export interface KnownFacts {
  readonly subject: Subject;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** By id, ignoring case; what was not there is absent. */
type FactsOf = (db: Database, at: number, ids: readonly string[]) => ReadonlyMap<string, KnownFacts>;

/** The facts of these subjects, named ignoring case, as they stood at a position. */
export function factsAt(db: Database, at: number, subjects: readonly Subject[]): ReadonlyMap<Subject, KnownFacts> {
  const found = new Map<Subject, KnownFacts>();
  const byKind = Map.groupBy(subjects, (each) => (each === subject.estate ? each : each.slice(0, each.indexOf(':'))));
  for (const [kind, ofKind] of byKind) {
    const said = findingFacts(db, at, ofKind);
    const factsOf = factsByKind.get(kind);
    if (!factsOf) throw new Error(`nobody knows where facts of the kind ${kind} are recorded`);
    const ids = ofKind.map((each) => each.slice(kind.length + 1));
    for (const [id, { subject: itself, facts }] of factsOf(db, at, ids)) {
      const asked = kind === subject.estate ? kind : `${kind}:${id}`;
      found.set(asked, { subject: itself, facts: { ...facts, ...said.get(asked) } });
    }
  }
  return found;
}

/** What was said of findings, by subject; whether a waiver has lapsed since is no record. */
function findingFacts(
  db: Database,
  at: number,
  subjects: readonly Subject[],
): ReadonlyMap<Subject, Readonly<Record<string, unknown>>> {
  const said = rows<{ subject: Subject; finding: string; record: string }>(
    db,
    `select f.subject, f.finding, f.record from json_each(@subjects) s
     cross join migrations.finding f on f.subject = s.value and f.valid_from <= @at and f.valid_to > @at`,
    { at, subjects: JSON.stringify(subjects) },
  );
  const bySubject = Map.groupBy(said, (each) => each.subject);
  return new Map(
    Array.from(bySubject, ([about, ofIt]) => [
      about,
      Object.fromEntries(ofIt.map(({ finding, record }) => [`finding ${finding}`, JSON.parse(record)])),
    ]),
  );
}

/** There is one, and all that is recorded of it itself is what was said of its findings. */
const estate: FactsOf = (db, at) =>
  new Map(
    findingFacts(db, at, [subject.estate])
      .keys()
      .map((id) => [id, { subject: subject.estate, facts: {} }]),
  );

const migrations: FactsOf = (db, at, ids) => {
  const known = new MigrationsAt(db, at);
  return each(ids, (id) => {
    const run = known.run(id)?.run;
    if (!run) return undefined;
    const { migration, source, target, contentCutoff, lookupUri, deletedAccounts, closed, inspected } = run;
    const { sourceBackup, targetBackup, sourceStopped, targetStopped } = run;
    const { exported, dryRun, imported, files, verification } = run;
    const steps = { exported, dryRun, imported, files, verification };
    const { position, categories, rooms, addIns } = known.progress(id);
    return {
      subject: subject.migration(migration),
      facts: {
        ...{ source, target, contentCutoff, lookupUri, sourceBackup, targetBackup, sourceStopped, targetStopped },
        ...Object.fromEntries(Object.entries(steps).map(([step, data]) => [step, data && recorded(data)])),
        ...{ inspected, deletedAccounts: deletedAccounts.toSorted(), closed },
        carriedOver: position < 0 ? null : { categories, rooms, addIns },
      },
    };
  });
};

/** What an event of a migration tells beside which one it is. */
function recorded({ migration: _migration, ...data }: { readonly migration: string }): object {
  return data;
}

const sites: FactsOf = (db, at, ids) =>
  toFacts(
    latest<{ site: string }>(db, at, 'topology.site', ['key'], { site: 'site' }, single(ids)),
    ids,
    ({ site }) => ({
      subject: subject.site(site),
      facts: { site },
    }),
  );

const pools: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  return each(ids, (id) => {
    const known = topology.pool(id);
    if (!known) return undefined;
    const { pool, generation, site, status } = known;
    const itself = subject.pool(pool);
    return { subject: itself, facts: { generation, site, status, ...gateFacts(topology, itself) } };
  });
};

const deployments: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  const runs = new MigrationsAt(db, at);
  return each(ids, (id) => {
    const known = topology.deployment(id);
    if (!known) return undefined;
    const { deployment, name, generation, homedOn, status } = known;
    const legacyEndpoints = topology.legacyEndpoints(deployment);
    const itself = subject.deployment(deployment);
    const migration = runs.runOf(deployment)?.migration ?? null;
    const facts = { name, generation, homedOn, status, legacyEndpoints, migration, ...gateFacts(topology, itself) };
    return { subject: itself, facts };
  });
};

/** What was attested and waived, gate by gate; whether a waiver has lapsed since is no record. */
function gateFacts(topology: TopologyAt, of: Subject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from(topology.gateRecords(of), ([gate, record]) => [`gate ${gate}`, record]));
}

const policies: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  return each(ids, (id) => {
    const known = topology.policy(id);
    return known && { subject: subject.policy(known.policy), facts: { enabled: known.enabled } };
  });
};

interface UserRow {
  readonly id: number;
  readonly user: string;
  readonly displayName: string | null;
  readonly guid: string | null;
  readonly pool: string | null;
  /** Folded. */
  readonly policy: string | null;
  readonly retired: number;
}

const selectUsers = `select u.id, u.user, ${userAt.displayName} as displayName, ${userAt.guid} as guid, g.pool, g.policy, g.retired
  from json_each(@ids) k cross join users.user u on u.user = k.value and ${userAt.there}
  cross join users.user_group g on g.id = ${userAt.groupId}`;

const users: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  const found = rows<UserRow>(db, selectUsers, { at, ids: JSON.stringify(ids) });
  const connections = connectionsOf(db, at, found);
  return new Map(
    found.map(({ id, user, displayName, guid, pool, policy, retired }) => {
      const granted = policy === null ? null : (topology.policy(policy)?.policy ?? policy);
      const facts = { displayName, guid, pool, granted, clients: connections.get(id) ?? [], retired: retired === 1 };
      return [user, { subject: subject.user(user), facts }];
    }),
  );
};

const clientsInOrder = clients.toSorted();

function connectionsOf(db: Database, at: number, found: readonly UserRow[]): ReadonlyMap<number, readonly object[]> {
  const keys = found.flatMap(({ id }) => clientsInOrder.map((client) => [id, client] as const));
  const connections = new Map<number, object[]>();
  const columns = { client: 'client', deployment: 'deployment', since: 'since' };
  const stored = latest<{ client: string; deployment: string; since: string }>(
    db,
    at,
    'users.connection',
    ['user_id', 'client'],
    columns,
    keys,
  );
  for (const { n, ...connection } of stored) {
    const id = keys[n]?.[0] ?? -1;
    connections.set(id, [...(connections.get(id) ?? []), connection]);
  }
  return connections;
}

interface Carried {
  readonly carriedFrom: string | null;
  readonly carriedName: string | null;
}

interface CategoryRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly parent: string | null;
  readonly invitations: number;
  readonly fileUpload: number;
  readonly chatHistory: number;
}

interface RoomRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly category: string;
  readonly type: string;
  readonly privacy: string;
  readonly addIn: string | null;
  readonly excluded: number;
}

interface AddInRow extends Carried {
  readonly deployment: string;
  readonly name: string;
  readonly url: string;
}

const inDeployment = ['deployment', 'key'];
const carried = { carriedFrom: 'carried_from', carriedName: 'carried_name' };

const categories: FactsOf = (db, at, ids) => {
  const columns = {
    deployment: 'deployment',
    name: 'name',
    parent: 'parent',
    invitations: 'invitations',
    fileUpload: 'file_upload',
    chatHistory: 'chat_history',
    ...carried,
  };
  const found = latest<CategoryRow>(db, at, 'content.category', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, parent, invitations, fileUpload, chatHistory, ...from }) => ({
    subject: subject.category(deployment, name),
    facts: {
      parent,
      invitations: invitations === 1,
      fileUpload: fileUpload === 1,
      chatHistory: chatHistory === 1,
      carriedOverFrom: carriedOverFrom(from),
    },
  }));
};

const rooms: FactsOf = (db, at, ids) => {
  const columns = {
    deployment: 'deployment',
    name: 'name',
    category: 'category',
    type: 'type',
    privacy: 'privacy',
    addIn: 'add_in',
    excluded: 'excluded',
    ...carried,
  };
  const found = latest<RoomRow>(db, at, 'content.room', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, category, type, privacy, addIn, excluded, ...from }) => ({
    subject: subject.room(deployment, name),
    facts: { category, type, privacy, addIn, excluded: excluded === 1, carriedOverFrom: carriedOverFrom(from) },
  }));
};

const addIns: FactsOf = (db, at, ids) => {
  const columns = { deployment: 'deployment', name: 'name', url: 'url', ...carried };
  const found = latest<AddInRow>(db, at, 'content.add_in', inDeployment, columns, inTwo(ids));
  return toFacts(found, ids, ({ deployment, name, url, ...from }) => ({
    subject: subject.addIn(deployment, name),
    facts: { url, carriedOverFrom: carriedOverFrom(from) },
  }));
};

function carriedOverFrom({ carriedFrom, carriedName }: Carried): object | null {
  return carriedFrom === null ? null : { deployment: carriedFrom, name: carriedName };
}

const tokens: FactsOf = (db, at, ids) => {
  const columns = {
    token: 'token',
    name: 'name',
    roles: 'roles',
    issuedAt: 'issued_at',
    issuedBy: 'issued_by',
    expiresAt: 'expires_at',
    revokedAt: 'revoked_at',
  };
  const found = latest<TokenRow>(db, at, 'access.token', ['token'], columns, single(ids));
  return toFacts(found, ids, ({ n: _, ...row }) => {
    const { token, ...facts } = tokenOf(row);
    return { subject: subject.token(token), facts };
  });
};

/** Where the facts of each kind of subject are recorded. */
const factsByKind: ReadonlyMap<string, FactsOf> = new Map([
  ['site', sites],
  ['pool', pools],
  ['deployment', deployments],
  ['policy', policies],
  ['user', users],
  ['category', categories],
  ['room', rooms],
  ['add-in', addIns],
  ['migration', migrations],
  ['estate', estate],
  ['token', tokens],
]);

/** By the name that a row has for it, the column. */
type Columns<Row> = { readonly [Name in keyof Row]: string };

/** The versioned rows of these keys that hold at a position, each by a seek however often it has changed; `n`: the key's place in the list. */
function latest<Row>(
  db: Database,
  at: number,
  table: string,
  key: readonly string[],
  columns: Columns<Row>,
  keys: readonly (readonly (string | number)[])[],
): readonly (Row & { readonly n: number })[] {
  const same = (alias: string): string => key.map((column, n) => `${alias}.${column} = k.value ->> ${n}`).join(' and ');
  const wanted = Object.entries<string>(columns).map(([name, column]) => `t.${column} as ${name}`);
  const sql = `select k.key as n, ${wanted.join(', ')}
     from json_each(@keys) k cross join ${table} t on ${same('t')}
       and t.valid_from = (select max(v.valid_from) from ${table} v where ${same('v')} and v.valid_from <= @at)
     where t.valid_to > @at`;
  return rows(db, sql, { at, keys: JSON.stringify(keys) }) as readonly (Row & { n: number })[];
}

const single = (ids: readonly string[]): readonly (readonly string[])[] => ids.map((id) => [id]);
/** `<deployment>/<name>`, as names of content are keyed. */
const inTwo = (ids: readonly string[]): readonly (readonly string[])[] =>
  ids.map((id) => [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)]);

function toFacts<Row extends { readonly n: number }>(
  found: readonly Row[],
  ids: readonly string[],
  toKnown: (row: Row) => KnownFacts,
): ReadonlyMap<string, KnownFacts> {
  return new Map(found.map((row) => [ids[row.n] ?? '', toKnown(row)]));
}

function each(
  ids: readonly string[],
  factsOf: (id: string) => KnownFacts | undefined,
): ReadonlyMap<string, KnownFacts> {
  const found = ids.map((id) => [id, factsOf(id)] as const);
  return new Map(found.filter((entry): entry is [string, KnownFacts] => entry[1] !== undefined));
}
