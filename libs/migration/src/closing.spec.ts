import { content, contentStream } from '#content';
import { type CommandDefinition, type Context, write } from '#kernel';
import { deploymentStream, topology } from '#topology';
import type { Story } from '../../kernel/src/testing.js';
import { migrationStream, stateOf } from './migration.js';
import {
  carry,
  category,
  commandNamed,
  estate,
  goBack,
  holding,
  lookupUri,
  plan,
  room,
  run,
  send,
  source,
  target,
  upTo,
} from './run.testing.js';

const of = (context: Context, name: string): CommandDefinition =>
  context.commands.find((command) => command.name === name)!;
const runOf = (story: Story) => story.state(migrationStream(run))!;
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
const decommissioned = write(deploymentStream(source), {
  type: 'DeploymentDecommissioned',
  data: { deployment: source, gates: [] },
});

describe('CompleteMigration', () => {
  test('tells all that is missing', async () => {
    const story = await upTo(filled(), 'RecordBackup', { PlanMigration: { lookupUri } });
    const { refusals } = await send(story, 'CompleteMigration');
    expect(refusals).toMatchObject([
      { rule: 'migration.not-verified' },
      { rule: 'migration.files-not-copied' },
      { rule: 'migration.rooms-unaccounted', count: 2 },
      { rule: 'migration.lookup-account-exists' },
    ]);
  });

  test('is done, then unchanged; after a rollback: migration.rolled-back', async () => {
    const story = await upTo(filled(), 'CompleteMigration', withCounts);
    expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
    expect((await send(story, 'CompleteMigration')).outcome).toBe('unchanged');
    await send(story, 'RollBackMigration', { reason: 'back', acceptLossOfNewMessages: true });
    expect((await send(story, 'CompleteMigration')).rules).toEqual(['migration.rolled-back']);
  });

  test('a room that came to the source after the import is unaccounted for until it is removed', async () => {
    const story = holding(await upTo(filled(), 'CompleteMigration', withCounts), room(source, 'Late', 'Trading'));
    expect((await send(story, 'CompleteMigration')).refusals).toMatchObject([
      { rule: 'migration.rooms-unaccounted', count: 1 },
    ]);
    await story.after([of(content, 'RemoveRoom'), { deployment: source, room: 'Late' }]);
    expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
  });

  test('counts that differ from what was carried over are an error, unless that is waived', async () => {
    const story = await upTo(filled(), 'CompleteMigration', { RecordImport: { ...filledCounts, rooms: 3 } });
    const complete = () => send(story, 'CompleteMigration');
    expect((await complete()).refusals).toMatchObject([
      { rule: 'migration.findings-open', findings: ['migration.counts-differ'] },
    ]);
    const waiver = { subject: `migration:${run}`, finding: 'migration.counts-differ', reason: 'counted twice' };
    const waive = (expiresAt: string) => story.when(commandNamed('WaiveFinding'), { ...waiver, expiresAt });
    await waive('2013-05-03T12:00:00.000Z');
    expect((await complete()).rules).toEqual(['migration.findings-open']);
    await waive('2013-05-03T12:00:00.001Z');
    expect((await complete()).outcome).toBe('done');
  });

  test('not before everything is carried over', async () => {
    const story = await upTo(filled(), 'RecordImport', withCounts);
    await send(story, 'RecordImport', filledCounts);
    await send(story, 'RecordFilesCopied', { files: 0, bytes: 0 });
    await send(story, 'StartServices', { side: 'target' });
    await send(story, 'RecordVerification', { method: 'counts', conflicts: 0 });
    expect((await send(story, 'CompleteMigration')).refusals).toMatchObject([
      { rule: 'migration.carry-over-pending' },
      { rule: 'migration.rooms-unaccounted', count: 2, offenders: [`room:${source}/Lobby`, `room:${source}/FX`] },
    ]);
    carry(story);
    expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
  });

  test('a planned lookup account is deleted first, and its URI becomes no endpoint before', async () => {
    const story = await upTo(estate(), 'CompleteMigration', { PlanMigration: { lookupUri } });
    const addEndpoint = () => story.when(of(topology, 'AddLegacyEndpoint'), { deployment: target, uri: lookupUri });
    expect((await addEndpoint()).refusals).toMatchObject([{ rule: 'endpoint.lookup-account-exists', migration: run }]);
    expect((await send(story, 'CompleteMigration')).rules).toEqual(['migration.lookup-account-exists']);
    expect((await send(story, 'DeleteLookupAccount', { uri: 'ocschat@contoso.com' })).outcome).toBe('done');
    expect((await send(story, 'DeleteLookupAccount', { uri: lookupUri })).outcome).toBe('unchanged');
    expect((await addEndpoint()).outcome).toBe('done');
    expect((await send(story, 'CompleteMigration')).outcome).toBe('done');
  });
});

describe('RollBackMigration', () => {
  const back = (story: Story, fields: object = {}) => send(story, 'RollBackMigration', { reason: 'back', ...fields });

  test('is done at any step, then unchanged, and the source is free again', async () => {
    const story = await upTo(filled(), 'ApproveInspection', withCounts);
    const exclude = () =>
      story.when(of(content, 'ExcludeRoom'), { deployment: source, room: 'FX', reason: 'nobody writes there' });
    expect((await exclude()).rules).toEqual(['migration.already-exported']);
    expect((await back(story)).outcome).toBe('done');
    expect((await back(story)).outcome).toBe('unchanged');
    expect(stateOf(runOf(story))).toBe('rolled-back');
    expect((await exclude()).outcome).toBe('done');
    expect((await send(story, 'PlanMigration', { ...plan, migration: 'wave-2' })).outcome).toBe('done');
  });

  test('what it takes out, restores and keeps is said beforehand', async () => {
    const held = holding(filled(), category(target, 'TRADING'), room(target, 'lobby', 'TRADING'));
    const story = await upTo(held, 'RecordImport', withCounts);
    await send(story, 'RecordBackup', { side: 'target', reference: 'tape 2' });
    await send(story, 'RecordImport', filledCounts);
    carry(story);
    holding(story, room(target, 'Pilot', 'Trading - Desks'));
    const asked = await story.ask(commandNamed('RollBackMigration'), { migration: run, reason: 'back' });
    expect(asked.events[0]).toMatchObject({
      type: 'MigrationRolledBack',
      data: { undoes: { takesOut: filledCounts, restores: 2, keeps: 1 } },
    });
  });

  test('what was removed from the target since is not taken out', async () => {
    const story = await upTo(filled(), 'RecordFilesCopied', withCounts);
    carry(story);
    const carried = story.state(contentStream(target)).rooms.first()!.name;
    await story.when(of(content, 'RemoveRoom'), { deployment: target, room: carried });
    const asked = await story.ask(commandNamed('RollBackMigration'), { migration: run, reason: 'back' });
    expect(asked.events[0]).toMatchObject({ data: { undoes: { takesOut: { ...filledCounts, rooms: 1 } } } });
  });

  test('after the target ran: migration.loss-not-accepted, unless it is accepted', async () => {
    const story = await upTo(filled(), 'StartServices', withCounts);
    await send(story, 'StartServices', { side: 'target' });
    expect((await back(story)).rules).toEqual(['migration.loss-not-accepted']);
    expect((await back(story, { acceptLossOfNewMessages: false })).rules).toEqual(['migration.loss-not-accepted']);
    expect((await back(story, { acceptLossOfNewMessages: true })).outcome).toBe('done');
    expect((await back(story)).outcome).toBe('unchanged');
  });

  test('a completed run goes back until its source is decommissioned', async () => {
    const story = await upTo(filled(), 'none: to the end', withCounts);
    story.record(decommissioned);
    expect((await back(story)).rules).toEqual(['migration.source-decommissioned', 'migration.loss-not-accepted']);
    expect((await back(story, { acceptLossOfNewMessages: true })).rules).toEqual(['migration.source-decommissioned']);
  });

  test('one that was rolled back before, its source decommissioned since: the refusal wins over unchanged', async () => {
    const story = await upTo(filled(), 'RecordBackup');
    await back(story);
    story.record(decommissioned);
    expect((await back(story)).rules).toEqual(['migration.source-decommissioned']);
  });

  test('takes back what was carried over, and the lookup account is known no longer', async () => {
    const story = await upTo(filled(), 'RecordFilesCopied', { ...withCounts, PlanMigration: { lookupUri } });
    expect(story.state(contentStream(target)).rooms.size).toBe(2);
    await back(story);
    goBack(story);
    const { rooms, categories, covered } = story.state(contentStream(target));
    expect([rooms.size, categories.size, covered.size]).toEqual([0, 0, 0]);
    const endpoint = { deployment: target, uri: lookupUri };
    expect((await story.when(of(topology, 'AddLegacyEndpoint'), endpoint)).outcome).toBe('done');
  });
});
