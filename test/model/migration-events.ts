import { type Run, same, type World } from './world.js';

type Data = Readonly<Record<string, any>>;
interface Who {
  readonly at: string;
  readonly by: string;
}

const runOf = (world: World, { migration }: Data): Run => {
  const run = world.runs.find((each) => each.migration === migration);
  if (!run) throw new Error('an event about a migration that was never planned');
  return run;
};

/** All that an event tells but which migration it is of. */
const told = ({ migration: _migration, ...rest }: Data): object => rest;

const step = (run: Run, name: string, { at, by }: Who) => void (run.said[name] = { at, by });

/** What each fact of a migration does to the world. */
export const migrationChanges: Readonly<Record<string, (world: World, data: Data, who: Who) => void>> = {
  MigrationPlanned: (world, { migration, source, target, contentCutoff = null, lookupUri = null }) =>
    void world.runs.push({
      migration,
      source,
      target,
      contentCutoff,
      lookupUri,
      backups: {},
      stopped: { source: false, target: false },
      targetRan: false,
      exported: null,
      inspected: false,
      dryRun: null,
      imported: null,
      files: null,
      deletedAccounts: [],
      verification: null,
      closed: null,
      said: {},
      carriedRooms: [],
      carried: { categories: 0, rooms: 0, addIns: 0 },
      hasCarried: false,
      remaining: 0,
      clashes: [],
    }),
  BackupRecorded: (world, data, who) => {
    const run = runOf(world, data);
    run.backups[data.side] = data.reference;
    step(run, `${data.side}-backup`, who);
  },
  ServicesStopped: (world, data, who) => {
    const run = runOf(world, data);
    run.stopped[data.side as 'source' | 'target'] = true;
    step(run, `${data.side}-stop`, who);
  },
  ServicesStarted: (world, data, who) => {
    const run = runOf(world, data);
    run.stopped[data.side as 'source' | 'target'] = false;
    run.targetRan = true;
    step(run, 'target-start', who);
  },
  DataExported: (world, data, who) => {
    const run = runOf(world, data);
    Object.assign(run, { exported: told(data), inspected: false, dryRun: null });
    delete run.said['inspection'];
    delete run.said['dry-run'];
    step(run, 'export', who);
  },
  ExportInspected: (world, data, who) => {
    const run = runOf(world, data);
    run.inspected = true;
    step(run, 'inspection', who);
  },
  DryRunRecorded: (world, data, who) => {
    const run = runOf(world, data);
    run.dryRun = told(data) as Run['dryRun'];
    step(run, 'dry-run', who);
  },
  DataImported: (world, data, who) => {
    const run = runOf(world, data);
    run.imported = told(data) as Run['imported'];
    const held = ({ deployment, excluded }: { deployment: string; excluded?: boolean }) =>
      deployment === run.source && excluded !== true;
    run.remaining = [...world.categories, ...world.rooms, ...world.addIns].filter(held).length;
    step(run, 'import', who);
  },
  FilesCopied: (world, data, who) => {
    const run = runOf(world, data);
    run.files = told(data);
    step(run, 'files', who);
  },
  LookupAccountDeleted: (world, data, who) => {
    const run = runOf(world, data);
    run.deletedAccounts.push(data.uri);
    step(run, 'lookup-account', who);
  },
  MigrationVerified: (world, data, who) => {
    const run = runOf(world, data);
    run.verification = told(data) as Run['verification'];
    step(run, 'verification', who);
  },
  MigrationCompleted: (world, data, who) => {
    const run = runOf(world, data);
    run.closed = 'completed';
    step(run, 'completion', who);
  },
  MigrationRolledBack: (world, data) => void (runOf(world, data).closed = 'rolled-back'),

  FindingResolved: (world, { subject, finding, resolution }, { at, by }) =>
    void world.saidOfFindings.push({ subject, finding, said: 'resolved', words: resolution, expiresAt: null, at, by }),
  FindingWaived: (world, { subject, finding, reason, expiresAt = null }, { at, by }) =>
    void world.saidOfFindings.push({ subject, finding, said: 'waived', words: reason, expiresAt, at, by }),

  ContentCarriedOver: (world, data) => {
    const run = runOf(world, data);
    run.carried = data.carried;
    run.hasCarried = true;
    run.remaining = data.remaining;
    run.carriedRooms.push(...data.rooms.map((room: Data) => room.from.toLowerCase()));
    for (const [kind, name, each] of things(data.overwritten)) {
      run.clashes.push(`${kind}:${data.deployment}/${each[name]}`);
      dropThing(world, kind, data.deployment, each[name]);
    }
    for (const { from, because } of data.leftOut)
      if (because !== 'name-too-long')
        run.clashes.push(`${because === 'name-of-another-category' ? 'category' : 'room'}:${data.source}/${from}`);
    for (const [kind, name, each] of things(data)) {
      dropThing(world, kind, data.deployment, each[name]);
      putThing(world, kind, data.deployment, each);
      world.origins.push({
        kind,
        target: data.deployment,
        thing: each[name],
        deployment: data.source,
        name: each.from,
      });
    }
  },
  CarriedContentTakenBack: (world, data) => {
    const run = runOf(world, data);
    run.carried = data.carried;
    run.hasCarried = true;
    run.remaining = data.remaining;
    for (const [kind, , names] of lists(data.removed))
      for (const name of names) dropThing(world, kind, data.deployment, name);
    for (const [kind, name, each] of things(data.restored)) {
      run.clashes.pop();
      dropThing(world, kind, data.deployment, each[name]);
      putThing(world, kind, data.deployment, each);
      const from = each.carriedOverFrom;
      if (from)
        world.origins.push({
          kind,
          target: data.deployment,
          thing: each[name],
          deployment: from.deployment,
          name: from.name,
        });
    }
    for (const [kind, , names] of lists(data.kept))
      for (const name of names) dropOrigin(world, kind, data.deployment, name);
    if (data.remaining === 0) run.clashes = [];
  },
};

const kinds = [
  ['add-in', 'addIn', 'addIns'],
  ['category', 'category', 'categories'],
  ['room', 'room', 'rooms'],
] as const;
type Kind = (typeof kinds)[number][0];

const lists = (content: Data): [Kind, string, string[]][] =>
  kinds.map(([kind, field, list]) => [kind, field, content[list] ?? []]);
const things = (content: Data): [Kind, string, Data][] =>
  kinds.flatMap(([kind, field, list]) => content[list].map((each: Data) => [kind, field, each]));

function dropThing(world: World, kind: Kind, deployment: string, name: string): void {
  const others = <T extends { deployment: string }>(list: T[], nameOf: (each: T) => string): T[] =>
    list.filter((each) => each.deployment !== deployment || !same(nameOf(each), name));
  if (kind === 'room') world.rooms = others(world.rooms, ({ room }) => room);
  if (kind === 'category') world.categories = others(world.categories, ({ category }) => category);
  if (kind === 'add-in') world.addIns = others(world.addIns, ({ addIn }) => addIn);
  dropOrigin(world, kind, deployment, name);
}

export function dropOrigin(world: World, kind: string, deployment: string, name: string): void {
  world.origins = world.origins.filter(
    (each) => each.kind !== kind || each.target !== deployment || !same(each.thing, name),
  );
}

function putThing(world: World, kind: Kind, deployment: string, each: Data): void {
  if (kind === 'room') {
    const { room, category, type, privacy, addIn, excluded = false } = each;
    world.rooms.push({ deployment, room, category, type, privacy, addIn, excluded });
  } else if (kind === 'category') {
    const { category, invitations, fileUpload, chatHistory } = each;
    world.categories.push({ deployment, category, parent: null, invitations, fileUpload, chatHistory });
  } else world.addIns.push({ deployment, addIn: each.addIn, url: each.url });
}
