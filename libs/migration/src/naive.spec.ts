import * as fc from 'fast-check';
import { type DeploymentId, write } from '#kernel';
import { deploymentStream } from '#topology';
import type { Story } from '../../kernel/src/testing.js';
import { content, contentStream } from '#content';
import { migration } from './index.js';
import { migratingStream } from './migrating.js';
import { migrationStream } from './migration.js';
import { NaiveMigrations, type Sent, type Told } from './naive.testing.js';
import { factsOf } from './run-facts.js';
import { arne, carry, category, estate, goBack, holding, olga, target } from './run.testing.js';
import { type Step, stepsOf } from './steps.js';

const sources = ['gchat10.contoso.com', 'gchat07.contoso.com'] as DeploymentId[];
const runs = ['wave-1', 'wave-2', 'wave-3'];
const uri = 'sip:ocschat@contoso.com';
/** Nested in Trading it has 256 characters, and whatever lies in it more. */
const deep = 'x'.repeat(246);

function begin(targetHolds: boolean): Story {
  const story = estate();
  const deployment = sources[1]!;
  story.record(
    write(deploymentStream(deployment), {
      type: 'DeploymentRegistered',
      data: { deployment, generation: 'ocs-2007-r2', homedOn: 'pool.contoso.com' as never },
    }),
  );
  for (const source of sources) holding(story, category(source, 'Trading'), category(source, deep, 'Trading'));
  return targetHolds ? holding(story, category(target, 'Pilot')) : story;
}

const anyRun = fc.constantFrom(...runs, runs[0]!, runs[0]!, runs[0]!);
const anySide = fc.constantFrom('source', 'target');
const few = fc.constantFrom(0, 0, 0, 1);
const of = (command: string, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Sent> =>
  fc.record({
    command: fc.constant(command),
    fields: fc
      .record(fields)
      .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))),
    by: fc.constantFrom(olga.id, arne.id),
  });
const on = { migration: anyRun };
const counts = { categories: fc.constant(2), rooms: fc.constantFrom(0, 1, 1, 2), addIns: fc.constant(0) };
const room = { deployment: fc.constantFrom(...sources), room: fc.constantFrom('FX', 'Lobby', 'Bonds') };

const anySent: fc.Arbitrary<Sent> = fc.oneof(
  of('PlanMigration', {
    ...on,
    source: fc.constantFrom(...sources),
    target: fc.constant(target),
    lookupUri: fc.constantFrom(undefined, undefined, uri),
  }),
  of('RecordBackup', { ...on, side: anySide, reference: fc.constantFrom('tape 1', 'tape 2') }),
  of('StopServices', { ...on, side: anySide }),
  of('StartServices', { ...on, side: anySide }),
  of('RecordExport', { ...on, file: fc.constantFrom('a.zip', 'b.zip'), ...counts }),
  of('ApproveInspection', on),
  of('RecordDryRun', { ...on, errors: few, warnings: few }),
  of('RecordImport', { ...on, ...counts }),
  of('RecordFilesCopied', { ...on, files: few, bytes: few }),
  of('DeleteLookupAccount', { ...on, uri: fc.constantFrom(uri, 'sip:other@contoso.com') }),
  of('RecordVerification', { ...on, method: fc.constant('counts'), conflicts: few }),
  of('CompleteMigration', on),
  of('RollBackMigration', {
    ...on,
    reason: fc.constant('back'),
    acceptLossOfNewMessages: fc.constantFrom(undefined, true),
  }),
  of('AddRoom', { ...room, category: fc.constantFrom('Trading', 'Trading', 'Trading', deep) }),
  of('ExcludeRoom', { ...room, reason: fc.constant('silent') }),
  of('IncludeRoom', room),
  of('RemoveRoom', room),
);

/** Most of the procedure in its order, so that sequences come deep. */
const anyProcedure: fc.Arbitrary<readonly Sent[]> = fc
  .tuple(anyRun, fc.constantFrom(...sources), fc.constantFrom(undefined, uri), fc.integer({ min: 0, max: 2 }))
  .map(([id, source, lookupUri, rooms]) => {
    const sent = (command: string, fields: object = {}, by = olga.id): Sent => ({
      command,
      fields: { migration: id, ...fields },
      by,
    });
    const counted = { categories: 2, rooms, addIns: 0 };
    return [
      sent('PlanMigration', { source, target, ...(lookupUri && { lookupUri }) }),
      sent('RecordBackup', { side: 'source', reference: 'tape 1' }),
      sent('RecordBackup', { side: 'target', reference: 'tape 1' }),
      sent('StopServices', { side: 'source' }),
      sent('RecordExport', { file: 'a.zip', ...counted }),
      sent('ApproveInspection'),
      sent('ApproveInspection', {}, arne.id),
      sent('StopServices', { side: 'target' }),
      sent('RecordDryRun', { errors: 0, warnings: 0 }),
      sent('RecordImport', counted),
      sent('RecordFilesCopied', { files: 1, bytes: 1 }),
      sent('DeleteLookupAccount', { uri }),
      sent('StartServices', { side: 'target' }),
      sent('RecordVerification', { method: 'counts', conflicts: 1 }),
      sent('CompleteMigration'),
      sent('RecordVerification', { method: 'counts', conflicts: 0 }),
      sent('CompleteMigration'),
    ];
  });

const anyStory = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: anySent.map((sent) => [sent]) },
      { weight: 1, arbitrary: anyProcedure },
      { weight: 1, arbitrary: anyProcedure.chain((all) => fc.subarray(Array.from(all), { minLength: 8 })) },
    ),
    { maxLength: 25, size: 'max' },
  )
  .map((parts) => parts.flat());

const definitions = [...migration.commands, ...content.commands];

async function ask(story: Story, { command, fields, by }: Sent): Promise<Told> {
  const definition = definitions.find(({ name }) => name === command)!;
  const counting = { contentElsewhere: () => Promise.resolve(null) };
  const { outcome, rules } = await story
    .where({ actor: by === olga.id ? olga : arne, counting })
    .when(definition, fields);
  if (outcome === 'done' && command === 'RecordImport') carry(story, fields['migration']);
  if (outcome === 'done' && command === 'RollBackMigration') goBack(story, fields['migration']);
  return outcome === 'refused' ? rules.toSorted() : (outcome as Told);
}

const inOrder = (told: Told): Told => (typeof told === 'string' ? told : told.toSorted());

test('commands in any order do what the contract says, and are done once', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.boolean(), anyStory, async (targetHolds, all) => {
      const story = begin(targetHolds);
      const model = new NaiveMigrations(2, sources, targetHolds);
      for (const sent of all) {
        const told = inOrder(model.send(sent));
        expect([sent, await ask(story, sent)]).toEqual([sent, told]);
        if (told === 'done' && sent.command !== 'RemoveRoom')
          expect([sent, await ask(story, sent)]).toEqual([sent, 'unchanged']);
        for (const what of typeof told === 'string' ? [`${sent.command} ${told}`] : told) reached.add(what);
      }
    }),
    // The same every time: what it reaches is asserted.
    { numRuns: 500, seed: 42 },
  );
  for (const rule of [
    'approval.same-person',
    'migration.already-exported',
    'migration.already-imported',
    'migration.closed',
    'migration.conflicts-open',
    'migration.findings-open',
    'migration.lookup-account-exists',
    'migration.loss-not-accepted',
    'migration.no-target-backup',
    'migration.rolled-back',
    'migration.rooms-unaccounted',
    'migration.source-has-run',
    'migration.target-busy',
    'CompleteMigration done',
    'RollBackMigration done',
  ])
    expect([...reached]).toContain(rule);
}, 120_000);

/** What takes each step, with values that were never told before. */
const taking: Readonly<Partial<Record<Step, readonly [command: string, fields?: object]>>> = {
  'source-backup': ['RecordBackup', { side: 'source', reference: 'new' }],
  'source-stop': ['StopServices', { side: 'source' }],
  export: ['RecordExport', { file: 'new.zip', categories: 9, rooms: 9, addIns: 9 }],
  inspection: ['ApproveInspection'],
  'target-stop': ['StopServices', { side: 'target' }],
  'target-backup': ['RecordBackup', { side: 'target', reference: 'new' }],
  'dry-run': ['RecordDryRun', { errors: 0, warnings: 0 }],
  import: ['RecordImport', { categories: 9, rooms: 9, addIns: 9 }],
  files: ['RecordFilesCopied', { files: 9, bytes: 9 }],
  'lookup-account': ['DeleteLookupAccount', { uri }],
  'target-start': ['StartServices', { side: 'target' }],
  verification: ['RecordVerification', { method: 'counts', conflicts: 0 }],
  completion: ['CompleteMigration'],
};

test('what a step misses is what its command is refused with, and what is next can be done', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.boolean(), anyStory, async (targetHolds, all) => {
      const story = begin(targetHolds);
      for (const sent of all) {
        await ask(story, sent);
        const id = sent.fields['migration'] as string;
        const run = id === undefined ? null : story.state(migrationStream(id));
        if (!run) continue;
        const load = (stream: Parameters<Story['state']>[0]) => story.state(stream);
        const facts = await factsOf({ load, now: '2013-05-03T12:00:00.000Z' } as never, run);
        expect(facts.targetHoldsContent).toBe(story.state(contentStream(target)).categories.size > 0);
        expect(facts.targetHeldBy).toBe(story.state(migratingStream(target)).heldBy);
        for (const { step, status, missing } of stepsOf({ ...facts, endpointOn: null })) {
          const taken = taking[step];
          if (!taken || status === 'done' || status === 'skipped') continue;
          // Whoever has exported is not the one who approves.
          const actor = run.exportedBy === olga.id ? arne : olga;
          const definition = definitions.find(({ name }) => name === taken[0])!;
          const told = await story.where({ actor }).ask(definition, { migration: id, ...taken[1] });
          expect([step, told.outcome, told.rules]).toEqual([step, status === 'next' ? 'done' : 'refused', missing]);
          seen.add(`${step} ${status}`);
        }
      }
    }),
    { numRuns: 60, seed: 2013 },
  );
  for (const step of Object.keys(taking)) expect([...seen]).toContain(`${step} next`);
}, 120_000);
