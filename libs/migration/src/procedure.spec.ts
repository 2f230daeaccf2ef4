import { type CommandDefinition, type Context, write } from '#kernel';
import { deploymentStream, topology } from '#topology';
import type { Story } from '../../kernel/src/testing.js';
import { migration } from './index.js';
import { migratingStream } from './migrating.js';
import { type KnownMigration, migrationStream, stateOf } from './migration.js';
import {
  arne,
  category,
  estate,
  holding,
  lookupUri,
  olga,
  plan,
  room,
  run,
  send,
  source,
  target,
  upTo,
} from './run.testing.js';
import { type Step, stepsOf } from './steps.js';

const of = (context: Context, name: string): CommandDefinition =>
  context.commands.find((command) => command.name === name)!;
const runOf = (story: Story) => story.state(migrationStream(run))!;

/** The source holds Trading, Desks in it, and two rooms. */
const filled = () =>
  holding(
    estate(),
    category(source, 'Trading'),
    category(source, 'Desks', 'Trading'),
    room(source, 'Lobby', 'Trading'),
    room(source, 'FX', 'Desks'),
  );
const filledCounts = { categories: 2, rooms: 2, addIns: 0 };
const withCounts = { RecordExport: filledCounts, RecordImport: filledCounts };

/** `wave-2`, of another source into the same target. */
async function planAnother(story: Story): Promise<void> {
  const deployment = 'gchat07.contoso.com';
  const [pool, generation] = ['ocs.contoso.com', 'ocs-2007-r2'];
  await story.after(
    [of(topology, 'RegisterSite'), { site: 'Redmond' }],
    [of(topology, 'RegisterPool'), { pool, generation, site: 'Redmond' }],
    [of(topology, 'RegisterDeployment'), { deployment, generation, homedOn: pool }],
  );
  await send(story, 'PlanMigration', { migration: 'wave-2', source: deployment, target });
}

/** How a step stands while `targetHeldBy` holds the target stopped, and what it misses. */
function standing(known: KnownMigration, targetHeldBy: string | null, step: Step): readonly string[] {
  const roomsUnaccounted = { count: 0, offenders: [] };
  const others = { targetHoldsContent: false, openErrors: [], roomsUnaccounted, carryOverPending: false };
  const { status, missing } = stepsOf({ run: known, targetHeldBy, endpointOn: null, ...others }).find(
    (each) => each.step === step,
  )!;
  return [status, ...missing];
}

describe('PlanMigration', () => {
  test('is done, then unchanged; planned otherwise: migration.exists', async () => {
    const story = estate();
    const { events } = await send(story, 'PlanMigration', { ...plan, contentCutoff: '2012-01-31' });
    expect(events).toEqual([
      { type: 'MigrationPlanned', data: { ...plan, contentCutoff: '2012-01-31' } },
      { type: 'SourceTaken', data: { deployment: source, migration: run } },
    ]);
    expect((await send(story, 'PlanMigration', { ...plan, contentCutoff: '2012-01-31' })).outcome).toBe('unchanged');
    expect((await send(story, 'PlanMigration', plan)).rules).toEqual(['migration.exists']);
    expect(stateOf(runOf(story))).toBe('planned');
  });

  test('unknown deployments are told, each', async () => {
    const unknown = { migration: run, source: 'a.contoso.com', target: 'b.contoso.com' };
    const { rules } = await send(estate(), 'PlanMigration', unknown);
    expect(rules).toEqual(['topology.unknown-deployment', 'topology.unknown-deployment']);
  });

  test('the wrong way round: both rules', async () => {
    const { rules } = await send(estate(), 'PlanMigration', { migration: run, source: target, target: source });
    expect(rules).toEqual(['migration.source-not-legacy', 'migration.target-not-2013']);
  });

  test('a source has one run that is not rolled back: migration.source-has-run', async () => {
    const story = await upTo(estate(), 'RecordBackup');
    const other = { ...plan, migration: 'wave-2' };
    expect((await send(story, 'PlanMigration', other)).refusals).toMatchObject([
      { rule: 'migration.source-has-run', migration: run },
    ]);
    await send(story, 'RollBackMigration', { reason: 'too early' });
    expect((await send(story, 'PlanMigration', other)).outcome).toBe('done');
    expect((await send(story, 'PlanMigration', plan)).outcome).toBe('unchanged');
    expect((await send(story, 'PlanMigration', { ...plan, lookupUri })).rules).toEqual([
      'migration.exists',
      'migration.source-has-run',
    ]);
  });

  test('of a decommissioned source, planned so before or not: topology.deployment-decommissioned', async () => {
    const story = await upTo(estate(), 'RecordBackup');
    story.record(
      write(deploymentStream(source), { type: 'DeploymentDecommissioned', data: { deployment: source, gates: [] } }),
    );
    expect((await send(story, 'PlanMigration', plan)).rules).toEqual(['topology.deployment-decommissioned']);
  });
});

describe('every step', () => {
  const fields: Readonly<Record<string, object>> = {
    RecordBackup: { side: 'source', reference: 'tape 1' },
    StopServices: { side: 'source' },
    StartServices: { side: 'target' },
    RecordExport: { file: 'export.zip', ...filledCounts },
    ApproveInspection: {},
    RecordDryRun: { errors: 0, warnings: 0 },
    RecordImport: filledCounts,
    RecordFilesCopied: { files: 1, bytes: 1 },
    DeleteLookupAccount: { uri: lookupUri },
    RecordVerification: { method: 'counts', conflicts: 0 },
    CompleteMigration: {},
    RollBackMigration: { reason: 'too early' },
  };
  const names = migration.commands.map(({ name }) => name).filter((name) => !/^Plan|Finding$/.test(name));

  test.each(names)('%s of an unknown migration: migration.unknown alone', async (name) => {
    expect((await send(estate(), name, fields[name])).rules).toEqual(['migration.unknown']);
  });

  test.each(names.filter((name) => !/^(Complete|RollBack)/.test(name)))(
    '%s of a closed one: migration.closed alone',
    async (name) => {
      const rolledBack = await upTo(estate(), 'RecordBackup');
      await send(rolledBack, 'RollBackMigration', { reason: 'too early' });
      expect((await send(rolledBack, name, fields[name])).rules).toEqual(['migration.closed']);
      const completed = await upTo(estate(), 'none: to the end');
      expect((await send(completed, name, fields[name])).rules).toEqual(['migration.closed']);
    },
  );
});

describe('the procedure', () => {
  test('each step is done once, then unchanged, and moves the state', async () => {
    const states: string[] = [];
    for (const name of ['StopServices', 'RecordExport', 'ApproveInspection', 'RecordDryRun', 'RecordImport'])
      states.push(stateOf(runOf(await upTo(filled(), name, withCounts))));
    for (const name of ['RecordFilesCopied', 'CompleteMigration', 'none: to the end'])
      states.push(stateOf(runOf(await upTo(filled(), name, withCounts))));
    expect(states).toEqual([
      'planned',
      'source-stopped',
      'exported',
      'inspected',
      'dry-run-clean',
      'imported',
      'verified',
      'completed',
    ]);
    const story = await upTo(filled(), 'RecordFilesCopied', withCounts);
    const copied = { files: 2, bytes: 10 };
    expect((await send(story, 'RecordFilesCopied', copied)).outcome).toBe('done');
    expect((await send(story, 'RecordFilesCopied', copied)).outcome).toBe('unchanged');
    expect((await send(story, 'RecordFilesCopied', { ...copied, files: 3 })).outcome).toBe('done');
  });

  test('a source is stopped once its backup is on record, and stays so: only a rollback starts it', async () => {
    const story = await upTo(estate(), 'RecordBackup');
    expect((await send(story, 'StopServices', { side: 'source' })).rules).toEqual(['migration.no-source-backup']);
    expect((await send(story, 'StartServices', { side: 'source' })).outcome).toBe('unchanged');
    await upTo(story, 'RecordExport');
    expect((await send(story, 'StopServices', { side: 'source' })).outcome).toBe('unchanged');
    expect((await send(story, 'StartServices', { side: 'source' })).rules).toEqual(['migration.source-stays-stopped']);
  });

  test('an export asks for a stopped source; another one makes inspection and dry run due again', async () => {
    const early = await upTo(estate(), 'StopServices');
    const exported = { file: 'export.zip', ...filledCounts };
    expect((await send(early, 'RecordExport', exported)).rules).toEqual(['migration.source-running']);
    const story = await upTo(estate(), 'RecordImport');
    expect(stateOf(runOf(story))).toBe('dry-run-clean');
    const { events } = await send(story, 'RecordExport', exported);
    expect(events.map(({ type }) => type)).toEqual(['DataExported', 'ExportAttributed']);
    expect(stateOf(runOf(story))).toBe('exported');
    expect((await send(story, 'RecordExport', exported)).outcome).toBe('unchanged');
    expect((await send(story, 'RecordImport', filledCounts)).rules).toEqual(['migration.dry-run-not-clean']);
    expect((await send(story, 'RecordDryRun', { errors: 0, warnings: 0 })).rules).toEqual(['migration.not-inspected']);
  });

  test('who recorded the export may not approve it: approval.same-person', async () => {
    const early = await upTo(estate(), 'RecordExport');
    expect((await send(early, 'ApproveInspection')).rules).toEqual(['migration.not-exported']);
    const story = await upTo(estate(), 'ApproveInspection');
    expect((await send(story, 'ApproveInspection')).rules).toEqual(['approval.same-person']);
    expect((await send(story.where({ actor: arne }), 'ApproveInspection')).outcome).toBe('done');
    expect((await send(story, 'ApproveInspection')).outcome).toBe('unchanged');
    await send(story, 'RecordExport', { file: 'second.zip', ...filledCounts });
    expect((await send(story, 'ApproveInspection')).rules).toEqual(['approval.same-person']);
    expect((await send(story.where({ actor: olga }), 'ApproveInspection')).outcome).toBe('done');
  });

  test('an error or a warning leaves the dry run unclean', async () => {
    const story = await upTo(estate(), 'RecordDryRun');
    await send(story, 'RecordDryRun', { errors: 0, warnings: 1 });
    expect(stateOf(runOf(story))).toBe('inspected');
    expect((await send(story, 'RecordImport', filledCounts)).rules).toEqual(['migration.dry-run-not-clean']);
  });

  test('a dry run and an import ask for a stopped target', async () => {
    const story = await upTo(estate(), 'StopServices', {}, 'target');
    expect((await send(story, 'RecordDryRun', { errors: 0, warnings: 0 })).rules).toEqual(['migration.target-running']);
    expect((await send(story, 'RecordImport', filledCounts)).rules).toEqual([
      'migration.dry-run-not-clean',
      'migration.target-running',
    ]);
  });

  test('one run at a time holds a target stopped: migration.target-busy', async () => {
    const story = await upTo(estate(), 'RecordDryRun');
    await planAnother(story);
    const stop = () => send(story, 'StopServices', { migration: 'wave-2', side: 'target' });
    expect((await stop()).refusals).toMatchObject([{ rule: 'migration.target-busy', migration: run }]);
    await send(story, 'RollBackMigration', { reason: 'too early' });
    expect((await stop()).outcome).toBe('done');
    expect(story.state(migratingStream(target)).heldBy).toBe('wave-2');
  });

  test('a target that another run holds stopped runs for nobody', async () => {
    const story = await upTo(estate(), 'RecordVerification');
    await planAnother(story);
    const verify = () => send(story, 'RecordVerification', { method: 'test-message', conflicts: 0 });
    const start = (migration: string) => send(story, 'StartServices', { migration, side: 'target' });
    await send(story, 'StopServices', { migration: 'wave-2', side: 'target' });
    expect((await verify()).refusals).toMatchObject([
      { rule: 'migration.target-stopped', detail: expect.stringContaining('the migration wave-2 holds') },
    ]);
    expect((await start(run)).refusals).toMatchObject([{ rule: 'migration.target-busy', migration: 'wave-2' }]);
    expect(standing(runOf(story), 'wave-2', 'target-start')).toEqual(['blocked', 'migration.target-busy']);
    expect(standing({ ...runOf(story), closed: 'completed' }, 'wave-2', 'target-start')).toEqual(['done']);
    await send(story, 'RollBackMigration', { migration: 'wave-2', reason: 'too early' });
    expect(standing(runOf(story), null, 'target-start')).toEqual(['done']);
    expect((await verify()).outcome).toBe('done');
  });

  test('a run imports into a target that it has stopped itself', async () => {
    const story = await upTo(estate(), 'StopServices', {}, 'target');
    await planAnother(story);
    await send(story, 'StopServices', { migration: 'wave-2', side: 'target' });
    expect((await send(story, 'RecordDryRun', { errors: 0, warnings: 0 })).refusals).toMatchObject([
      { rule: 'migration.target-running', detail: expect.stringContaining('the migration wave-2 holds') },
    ]);
  });

  test('a target that holds content is backed up before the import: migration.no-target-backup', async () => {
    const story = await upTo(holding(estate(), category(target, 'Pilot')), 'RecordImport');
    expect((await send(story, 'RecordImport', filledCounts)).rules).toEqual(['migration.no-target-backup']);
    await send(story, 'RecordBackup', { side: 'target', reference: 'tape 2' });
    expect((await send(story, 'RecordImport', filledCounts)).outcome).toBe('done');
  });

  test('an import is imported once: the same counts are unchanged, others migration.already-imported', async () => {
    const story = await upTo(filled(), 'RecordFilesCopied', withCounts);
    expect((await send(story, 'RecordImport', { ...filledCounts, report: 'again.html' })).outcome).toBe('unchanged');
    expect((await send(story, 'RecordImport', { ...filledCounts, rooms: 1 })).rules).toEqual([
      'migration.already-imported',
    ]);
    expect((await send(story, 'RecordExport', { file: 'export.zip', ...filledCounts })).rules).toEqual([
      'migration.already-imported',
    ]);
    expect((await send(story, 'RecordDryRun', { errors: 0, warnings: 0 })).rules).toEqual([
      'migration.already-imported',
    ]);
  });

  test('what comes after the import asks for it: migration.not-imported', async () => {
    const story = await upTo(estate(), 'RecordImport');
    expect((await send(story, 'RecordFilesCopied', { files: 1, bytes: 1 })).rules).toEqual(['migration.not-imported']);
    expect((await send(story, 'DeleteLookupAccount', { uri: lookupUri })).rules).toEqual(['migration.not-imported']);
    expect((await send(story, 'StartServices', { side: 'target' })).rules).toEqual(['migration.not-imported']);
    expect((await send(story, 'RecordVerification', { method: 'counts', conflicts: 0 })).rules).toEqual([
      'migration.not-imported',
      'migration.target-stopped',
    ]);
  });

  test('a verification asks for a running target, and one with conflicts leaves the run imported', async () => {
    const story = await upTo(estate(), 'StartServices');
    const verify = (conflicts: number) => send(story, 'RecordVerification', { method: 'counts', conflicts });
    expect((await verify(0)).rules).toEqual(['migration.target-stopped']);
    await send(story, 'StartServices', { side: 'target' });
    await send(story, 'RecordFilesCopied', { files: 0, bytes: 0 });
    expect((await verify(2)).outcome).toBe('done');
    expect(stateOf(runOf(story))).toBe('imported');
    expect((await send(story, 'CompleteMigration')).rules).toEqual(['migration.conflicts-open']);
    expect((await verify(0)).outcome).toBe('done');
    expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
  });
});
