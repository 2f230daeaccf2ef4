import { type CarriedContentTakenBack, type ContentCarriedOver, isClash } from '#content';
import { foldCase, type Subject, subject } from '#kernel';
import {
  type FindingEvent,
  type FindingRecord,
  type Migration,
  type MigrationEvent,
  migrationStream,
  recordFinding,
  type Step,
  stepOf,
} from '#migration';
import type { DeploymentEvent } from '#topology';
import type { Database, Statement } from 'better-sqlite3';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { BulkInsert } from '../storage/bulk-insert.js';
import { VersionedTable, type VersionedSpec, versionedSchema } from '../storage/versioned-table.js';
import { evidenceOf } from './evidence.js';

const text = 'text' as const;
const integer = 'integer' as const;

// `run`: the migration's own state; `said`: who recorded each step, when and on what evidence. JSON.
const runs = { table: 'run', key: { migration: text }, columns: { run: text, said: text } } satisfies VersionedSpec;
const endpoints = {
  table: 'endpoint',
  key: { uri: text },
  columns: { deployment: text, said: text },
} satisfies VersionedSpec;
const records = {
  table: 'finding',
  key: { subject: text, finding: text },
  columns: { record: text },
  indexes: ['finding, valid_to'],
} satisfies VersionedSpec;
const progress = {
  table: 'progress',
  key: { migration: text },
  columns: {
    categories: integer,
    rooms: integer,
    add_ins: integer,
    remaining: integer,
    clashes: integer,
    left_out: integer,
  },
} satisfies VersionedSpec;

/** Who recorded something, when, and what shows it. */
export interface Said {
  readonly by: { readonly id: string; readonly name: string };
  readonly at: string;
  readonly evidence: string | null;
}
/** `rollback`: that it was rolled back, which is no step. */
export type SaidOfSteps = { readonly [S in Step | 'rollback']?: Said };

/** How many names were there already, and how many of these keep a thing of the source out. */
interface Clashed {
  readonly clashes: number;
  readonly left_out: number;
}

type EndpointEvent = Extract<DeploymentEvent, { type: 'LegacyEndpointAdded' | 'LegacyEndpointRemoved' }>;
type Taken = MigrationEvent | FindingEvent | EndpointEvent | ContentCarriedOver | CarriedContentTakenBack;

/** Migrations with their steps, what they have carried over and overwritten, and what was said of findings. */
export const migrationsProjection: Projection = {
  name: 'migrations',
  version: 3,
  sameTablesSince: 2,
  types: [
    'MigrationPlanned',
    'BackupRecorded',
    'ServicesStopped',
    'ServicesStarted',
    'DataExported',
    'ExportAttributed',
    'ExportInspected',
    'DryRunRecorded',
    'DataImported',
    'FilesCopied',
    'LookupAccountDeleted',
    'MigrationVerified',
    'MigrationCompleted',
    'MigrationRolledBack',
    'FindingResolved',
    'FindingWaived',
    'LegacyEndpointAdded',
    'LegacyEndpointRemoved',
    'ContentCarriedOver',
    'CarriedContentTakenBack',
  ] satisfies readonly Taken['type'][],
  schema: [
    ...[runs, endpoints, records, progress].map(versionedSchema),
    // Rooms of a source, by folded name, that its run has carried over; what was overwritten, in that order.
    `create table if not exists carried_room (migration text not null, key text not null, position integer not null,
       primary key (migration, key)) without rowid;
     create table if not exists clash (migration text not null, n integer not null, position integer not null,
       subject text not null, primary key (migration, n)) without rowid;`,
  ].join('\n'),
  open: (db) => new MigrationsWriter(db),
};

const migrations = migrationStream('').type;
const nothingCarried = { categories: 0, rooms: 0, add_ins: 0 };

class MigrationsWriter implements ProjectionWriter {
  private readonly runs: VersionedTable<typeof runs>;
  private readonly endpoints: VersionedTable<typeof endpoints>;
  private readonly records: VersionedTable<typeof records>;
  private readonly progress: VersionedTable<typeof progress>;
  private readonly carryRoom: Statement;
  private readonly clashes: BulkInsert;

  constructor(db: Database) {
    this.runs = new VersionedTable(db, runs);
    this.endpoints = new VersionedTable(db, endpoints);
    this.records = new VersionedTable(db, records);
    this.progress = new VersionedTable(db, progress);
    this.carryRoom = db.prepare(
      'insert into carried_room select ?, value, ? from json_each(?) where true on conflict do nothing',
    );
    this.clashes = new BulkInsert(db, 'clash', 4);
  }

  apply(events: readonly ProjectedEvent[]): void {
    for (const each of events) this.one({ type: each.event.type, data: each.data } as unknown as Taken, each);
    for (const table of [this.runs, this.endpoints, this.records, this.progress, this.clashes]) table.flush();
  }

  private one(taken: Taken, projected: ProjectedEvent): void {
    const { position } = projected;
    switch (taken.type) {
      case 'FindingResolved':
      case 'FindingWaived':
        return this.say(taken, projected);
      case 'LegacyEndpointAdded': {
        const { uri, deployment } = taken.data;
        return this.endpoints.put(position, [uri], { deployment, said: JSON.stringify(saidIn(projected, deployment)) });
      }
      case 'LegacyEndpointRemoved':
        return this.endpoints.end(position, taken.data.uri);
      case 'ContentCarriedOver':
        return this.carry(position, taken.data);
      case 'CarriedContentTakenBack':
        return this.takeBack(position, taken.data);
      default:
        return this.step(taken, projected);
    }
  }

  private step(event: MigrationEvent, projected: ProjectedEvent): void {
    const { migration } = event.data;
    const known = this.runs.current(migration);
    const before = known ? (JSON.parse(String(known.run)) as Migration) : null;
    const run = migrations.evolve(before, event);
    if (!run) throw new Error(`the migration ${migration} was never planned`);
    const earlier = known ? (JSON.parse(String(known.said)) as SaidOfSteps) : {};
    const said = { ...earlier };
    // What was found of an earlier export is found of this one no longer.
    if (event.type === 'DataExported') {
      delete said.inspection;
      delete said['dry-run'];
    }
    if (event.type === 'DataImported')
      this.progress.put(projected.position, [migration], {
        ...nothingCarried,
        remaining: null,
        clashes: 0,
        left_out: 0,
      });
    const step = event.type === 'MigrationRolledBack' ? 'rollback' : stepOf(event);
    if (step) said[step] = saidIn(projected, evidenceOf(event));
    this.runs.put(projected.position, [migration], { run: JSON.stringify(run), said: JSON.stringify(said) });
  }

  private say(event: FindingEvent, { position, event: recorded }: ProjectedEvent): void {
    const { subject: about, finding } = event.data;
    const known = this.records.current(about, finding);
    const before = known && (JSON.parse(String(known.record)) as FindingRecord);
    const { id, name } = recorded.meta.actor;
    const now = recordFinding(before, event, { by: { id, name }, at: recorded.recordedAt });
    this.records.put(position, [about, finding], { record: JSON.stringify(now) });
  }

  private carry(position: number, data: ContentCarriedOver['data']): void {
    const { migration, deployment, source, rooms, overwritten } = data;
    this.carryRoom.run(migration, position, JSON.stringify(rooms.map(({ from }) => foldCase(from))));
    const { clashes, left_out } = this.clashed(migration);
    const leftOut = data.leftOut
      .filter(isClash)
      .map(({ from, because }) =>
        because === 'name-of-another-category' ? subject.category(source, from) : subject.room(source, from),
      );
    const subjects = [...subjectsOf(deployment, overwritten), ...leftOut];
    for (const [index, each] of subjects.entries()) this.clashes.add(migration, clashes + index + 1, position, each);
    this.advance(position, data, { clashes: clashes + subjects.length, left_out: left_out + leftOut.length });
  }

  private takeBack(position: number, data: CarriedContentTakenBack['data']): void {
    const { migration, deployment, restored, remaining } = data;
    const { clashes, left_out } = this.clashed(migration);
    // What was overwritten last is restored first.
    const left = Math.max(clashes - subjectsOf(deployment, restored).length, 0);
    this.advance(position, data, remaining === 0 ? { clashes: 0, left_out: 0 } : { clashes: left, left_out });
  }

  private clashed(migration: string): Clashed {
    const { clashes, left_out } = this.progress.current(migration) ?? {};
    return { clashes: Number(clashes ?? 0), left_out: Number(left_out ?? 0) };
  }

  private advance(
    position: number,
    { migration, carried, remaining }: Pick<ContentCarriedOver['data'], 'migration' | 'carried' | 'remaining'>,
    clashed: Clashed,
  ): void {
    const { categories, rooms, addIns } = carried;
    this.progress.put(position, [migration], { categories, rooms, add_ins: addIns, remaining, ...clashed });
  }
}

function saidIn({ event }: ProjectedEvent, evidence: string | null): Said {
  const { id, name } = event.meta.actor;
  return { by: { id, name }, at: event.recordedAt, evidence: evidence ?? event.meta.reason };
}

function subjectsOf(deployment: string, content: ContentCarriedOver['data']['overwritten']): readonly Subject[] {
  return [
    ...content.addIns.map(({ addIn }) => subject.addIn(deployment, addIn)),
    ...content.categories.map(({ category }) => subject.category(deployment, category)),
    ...content.rooms.map(({ room }) => subject.room(deployment, room)),
  ];
}
