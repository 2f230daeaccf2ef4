import { isLegacy, type Run, same, unreachable, type World } from './world.js';

type Item = Readonly<Record<string, any>>;

const length = (text: string) => Array.from(text).length;

const contentOf = (world: World, deployment: string) => {
  const of = <T extends { deployment: string }>(list: readonly T[]) =>
    list.filter((each) => each.deployment === deployment);
  return { categories: of(world.categories), rooms: of(world.rooms), addIns: of(world.addIns) };
};

/** All parents' names first. */
function flatCategory(world: World, deployment: string, name: string): string {
  const known = contentOf(world, deployment).categories.find(({ category }) => same(category, name));
  if (!known) return name;
  return known.parent === null
    ? known.category
    : `${flatCategory(world, deployment, known.parent)} - ${known.category}`;
}

function flatRoom(world: World, deployment: string, room: { room: string; category: string }): string {
  const inCategory = contentOf(world, deployment).categories.find(({ category }) => same(category, room.category));
  return inCategory?.parent == null ? room.room : `${flatCategory(world, deployment, room.category)} - ${room.room}`;
}

export const runOfSource = (world: World, deployment: string) =>
  world.runs.find(({ source, closed }) => source === deployment && closed !== 'rolled-back');

/** Rooms neither excluded nor carried over. */
export function unaccountedRooms(world: World, source: string): string[] {
  const carried = new Set(runOfSource(world, source)?.carriedRooms);
  return contentOf(world, source)
    .rooms.filter(({ room, excluded }) => !excluded && !carried.has(room.toLowerCase()))
    .map(({ room }) => `room:${source}/${room}`);
}

const sum = ({ categories, rooms, addIns }: Record<string, number>) => `${categories} ${rooms} ${addIns}`;

interface Fact {
  readonly finding: string;
  readonly severity: string;
  readonly count: number;
  readonly offenders: readonly string[];
}
const fact = (finding: string, severity: string, offenders: readonly string[], count = offenders.length): Fact[] =>
  count === 0 ? [] : [{ finding, severity, count, offenders }];

function factsOf(world: World): [subject: string, facts: Fact[]][] {
  const there = [
    ...world.pools
      .filter(({ decommissioned }) => !decommissioned)
      .map((each) => [`pool:${each.pool}`, each.generation]),
    ...world.deployments
      .filter(({ decommissioned }) => !decommissioned)
      .map((each) => [`deployment:${each.deployment}`, each.generation]),
  ] as [string, string][];
  const three = new Set(there.map(([, generation]) => generation)).size === 3;
  return [
    ['estate', fact('topology.three-generations', 'warning', three ? there.map(([subject]) => subject) : [])],
    ...world.deployments
      .filter(({ generation, decommissioned }) => isLegacy(generation) && !decommissioned)
      .map(({ deployment }) => [`deployment:${deployment}`, ofSource(world, deployment)] as [string, Fact[]]),
    ...world.runs
      .filter(({ closed }) => closed !== 'rolled-back')
      .map((run) => [`migration:${run.migration}`, ofRun(world, run)] as [string, Fact[]]),
    ...world.users.map(
      ({ user, connections }) =>
        [
          `user:${user}`,
          fact(
            'clients.not-permitted',
            'warning',
            connections
              .filter((each) => !isPermitted(world, user, each))
              .map((each) => `deployment:${each.deployment}`),
          ),
        ] as [string, Fact[]],
    ),
  ];
}

function isPermitted(
  world: World,
  user: string,
  { client, deployment }: { client: string; deployment: string },
): boolean {
  const known = world.deployments.find((each) => each.deployment === deployment)!;
  const person = world.users.find((each) => each.user === user)!;
  return !known.decommissioned && unreachable(world, person, client, known).length === 0;
}

function ofSource(world: World, deployment: string): Fact[] {
  const { categories, rooms } = contentOf(world, deployment);
  const named = (list: typeof categories) => list.map(({ category }) => `category:${deployment}/${category}`);
  return [
    ...fact('content.name-too-long', 'error', [
      ...named(categories.filter(({ category }) => length(flatCategory(world, deployment, category)) > 256)),
      ...rooms
        .filter((room) => !room.excluded && length(flatRoom(world, deployment, room)) > 256)
        .map(({ room }) => `room:${deployment}/${room}`),
    ]),
    ...fact('content.nested-categories', 'info', named(categories.filter(({ parent }) => parent !== null))),
    ...fact(
      'content.invitations-forced-off',
      'info',
      named(
        categories.filter(
          ({ category, invitations }) =>
            !invitations && rooms.some((room) => !room.excluded && same(room.category, category)),
        ),
      ),
    ),
  ];
}

function ofRun(world: World, run: Run): Fact[] {
  const itself = [`migration:${run.migration}`];
  const connected = world.users.filter(({ connections }) => connections.some((each) => each.deployment === run.source));
  return [
    ...fact('content.name-clash', 'warning', run.imported ? run.clashes : clashes(world, run)),
    ...fact(
      'migration.counts-differ',
      'error',
      run.imported && run.remaining === 0 && sum(run.imported) !== sum(run.carried) ? itself : [],
    ),
    ...fact(
      'clients.no-endpoint',
      'warning',
      run.lookupUri === null ? connected.map(({ user }) => `user:${user}`) : [],
    ),
    ...['prepare.same-forest', 'prepare.root-managers', 'prepare.federated-members', 'prepare.old-admin-tools'].flatMap(
      (finding) => fact(finding, 'warning', itself),
    ),
  ];
}

/** What an import would put in the place of something of the target, leave out, or give one name. */
function clashes(world: World, { source, target }: Run): string[] {
  const from = contentOf(world, source);
  const there = contentOf(world, target);
  const found: string[] = [];
  const categories = from.categories.map(({ category }) => flatCategory(world, source, category));
  const times = (names: string[], name: string) => names.filter((each) => same(each, name)).length;
  for (const [index, name] of categories.entries()) {
    if (times(categories, name) > 1) found.push(`category:${source}/${from.categories[index]!.category}`);
    if (times(categories.slice(0, index), name) > 0) continue;
    if (there.categories.some(({ category }) => same(category, name))) found.push(`category:${target}/${name}`);
    if (there.rooms.some(({ room }) => same(room, name))) found.push(`room:${target}/${name}`);
  }
  const included = from.rooms.filter(({ excluded }) => !excluded);
  const rooms = included.map((room) => flatRoom(world, source, room));
  for (const [index, name] of rooms.entries()) {
    const isCategory = times(categories, name) > 0 || there.categories.some(({ category }) => same(category, name));
    if (isCategory || times(rooms, name) > 1) found.push(`room:${source}/${included[index]!.room}`);
    if (isCategory || times(rooms.slice(0, index), name) > 0) continue;
    if (there.rooms.some(({ room }) => same(room, name))) found.push(`room:${target}/${name}`);
  }
  for (const { addIn } of from.addIns)
    if (there.addIns.some((each) => same(each.addIn, addIn))) found.push(`add-in:${target}/${addIn}`);
  return found;
}

export function findings(world: World, now: string): Item[] {
  return factsOf(world).flatMap(([subject, facts]) =>
    facts.map(({ finding, severity, count, offenders }) => {
      const said = world.saidOfFindings.filter((each) => each.subject === subject && each.finding === finding);
      const last = said.at(-1);
      const waived = last?.said === 'waived' && (last.expiresAt === null || now < last.expiresAt) ? last : undefined;
      const standing = waived ?? said.findLast((each) => each.said === 'resolved');
      return {
        subject,
        finding,
        severity,
        count,
        offenders: offenders.toSorted(),
        status: standing?.said ?? 'open',
        evidence: standing?.words ?? null,
        at: standing?.at ?? null,
        expiresAt: standing?.expiresAt ?? null,
      };
    }),
  );
}

export function migrations(world: World, now: string): Item[] {
  const all = findings(world, now);
  return world.runs.map((run) => {
    const { migration, source, target, carried, clashes: overwritten, closed } = run;
    const own = all.filter(
      ({ subject }) => subject === `migration:${migration}` || (!closed && subject === `deployment:${source}`),
    );
    return {
      migration,
      source,
      target,
      state: stateOf(run),
      steps: steps(
        world,
        run,
        own.some(({ severity, status }) => severity === 'error' && status === 'open'),
      ),
      findings: own.map(({ subject, finding, status }) => `${subject} ${finding} ${status}`).toSorted(),
      carriedOver: {
        ...carried,
        clashes: overwritten.length,
        clashNames: overwritten.map((each) => each.slice(each.indexOf('/') + 1)),
        pending: run.remaining > 0 && closed !== 'rolled-back',
      },
    };
  });
}

const isClean = ({ dryRun }: Run) => dryRun !== null && dryRun.errors + dryRun.warnings === 0;

function stateOf(run: Run): string {
  if (run.closed) return run.closed;
  if (run.imported) return run.verification?.conflicts === 0 ? 'verified' : 'imported';
  if (isClean(run)) return 'dry-run-clean';
  if (run.inspected) return 'inspected';
  if (run.exported) return 'exported';
  return run.stopped.source ? 'source-stopped' : 'planned';
}

/** The table of contract §2.3, command by command. */
function steps(world: World, run: Run, errors: boolean): Item[] {
  const { target, lookupUri, closed } = run;
  const busy = world.runs.some(
    (other) => other !== run && other.target === target && other.stopped.target && !other.closed,
  );
  const { categories, rooms, addIns } = contentOf(world, target);
  const needsBackup = !run.imported && categories.length + rooms.length + addIns.length > 0 && !run.backups['target'];
  const endpointOn = world.deployments.find(
    ({ endpoints }) => lookupUri !== null && endpoints.includes(lookupUri),
  )?.deployment;
  const accountThere = lookupUri !== null && !run.deletedAccounts.includes(lookupUri);
  const notImported = !run.imported && 'migration.not-imported';
  const imported = run.imported && 'migration.already-imported';
  const targetRunning = !run.stopped.target && 'migration.target-running';
  const unaccounted = closed ? 0 : unaccountedRooms(world, run.source).length;
  type Step = [name: string, done: boolean, skipped: boolean, missing: (string | false | null)[]];
  const table: Step[] = [
    ['source-backup', !!run.backups['source'], false, []],
    ['source-stop', run.stopped.source, false, [!run.backups['source'] && 'migration.no-source-backup']],
    ['export', run.exported !== null, false, [!run.stopped.source && 'migration.source-running', errors && 'migration.findings-open', imported]],
    ['inspection', run.inspected, false, [!run.exported && 'migration.not-exported']],
    ['target-stop', run.stopped.target || !!run.imported, false, [busy && 'migration.target-busy']],
    ['target-backup', !!run.backups['target'], !needsBackup, []],
    ['dry-run', isClean(run), false, [!run.inspected && 'migration.not-inspected', targetRunning, imported]],
    ['import', !!run.imported, false, [!isClean(run) && 'migration.dry-run-not-clean', needsBackup && 'migration.no-target-backup', targetRunning]],
    ['files', run.files !== null, false, [notImported]],
    ['lookup-account', lookupUri !== null && !accountThere, lookupUri === null, [notImported]],
    ['legacy-endpoint', endpointOn === target, lookupUri === null, [accountThere && 'endpoint.lookup-account-exists', endpointOn !== undefined && endpointOn !== target && 'endpoint.exists']],
    ['target-start', run.targetRan && !run.stopped.target && (closed !== null || !busy), false, [notImported, busy && 'migration.target-busy']],
    ['verification', run.verification?.conflicts === 0, false, [notImported, (busy || run.stopped.target) && 'migration.target-stopped']],
    ['completion', closed === 'completed', false, [
      run.verification === null && 'migration.not-verified',
      (run.verification?.conflicts ?? 0) > 0 && 'migration.conflicts-open',
      errors && 'migration.findings-open',
      !run.files && 'migration.files-not-copied',
      run.remaining > 0 && 'migration.carry-over-pending',
      unaccounted > 0 && 'migration.rooms-unaccounted',
      accountThere && 'migration.lookup-account-exists',
    ]],
  ]; // prettier-ignore
  return table.map(([step, done, skipped, rules]) => {
    const open = rules.filter((rule) => typeof rule === 'string');
    const over = closed !== null && !(step === 'legacy-endpoint' && closed === 'completed');
    const missing = over ? [step === 'completion' ? 'migration.rolled-back' : 'migration.closed'] : open;
    const status = done ? 'done' : skipped ? 'skipped' : missing.length > 0 ? 'blocked' : 'next';
    const isTold = status === 'done' || step === 'dry-run' || step === 'verification';
    return {
      step,
      status,
      missing: status === 'blocked' ? missing.toSorted() : [],
      ...(step === 'legacy-endpoint' ? {} : { at: (isTold && run.said[step]?.at) || null }),
    };
  });
}

/** How many findings are open on a deployment and on the run of which it is the source. */
export function openFindings(world: World, deployment: string, now: string): Item {
  const run = runOfSource(world, deployment);
  const open = findings(world, now).filter(
    ({ subject, status }) =>
      status === 'open' &&
      (subject === `deployment:${deployment}` || (run && subject === `migration:${run.migration}`)),
  );
  const count = (severity: string) => open.filter((each) => each.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}
