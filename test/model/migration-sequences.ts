import * as fc from 'fast-check';
import { anyStep, defined, estate, sequenceStart, step, type Step } from './sequences.js';
import type { Fields } from './verdict.js';

/** Here the reaction that carries content over, and takes it back, does what is due. */
export const carry = step('carry');

const anyMigration = fc.constantFrom('run-1', 'run-1', 'run-2', 'run-3');
const anySource = fc.constantFrom('chat10.contoso.com', 'chat10.contoso.com', 'chat07.contoso.com');
const anyTarget = fc.constantFrom('pchat13a.contoso.com', 'pchat13a.contoso.com', 'pchat13b.contoso.com');
const lookupUri = 'sip:ocschat@contoso.com';
const anyLookup = fc.option(fc.constantFrom(lookupUri, 'sip:other@contoso.com'), { nil: undefined });
const anySide = fc.constantFrom('source', 'target');
const anyCount = fc.constantFrom(0, 1, 2, 3);
const counts = { categories: anyCount, rooms: anyCount, addIns: anyCount };
const mostlyNone = fc.constantFrom(0, 0, 0, 1);
const long = 'Л'.repeat(140);
const anyCategory = fc.constantFrom('Общее', 'Trading', 'Desk', 'Trading - Desk', long, `${long}2`);
const anyRoom = fc.constantFrom('Lobby', 'Дежурные', 'Desk - Lobby', 'trading', long);
const anyDeployment = fc.oneof({ weight: 3, arbitrary: anySource }, { weight: 1, arbitrary: anyTarget });
const anySubject = fc.oneof(
  fc.constant('estate'),
  anyMigration.map((migration) => `migration:${migration}`),
  anyDeployment.map((deployment) => `deployment:${deployment}`),
  fc.constantFrom('user:sip:alice@contoso.com', 'user:sip:bob@contoso.com'),
);
const anyFinding = fc.constantFrom(
  'topology.three-generations',
  'content.name-clash',
  'clients.no-endpoint',
  'clients.not-permitted',
  'migration.counts-differ',
  'prepare.root-managers',
  'prepare.same-forest',
);
const anyExpiry = fc.option(
  fc.integer({ min: 1, max: 200 }).map((minutes) => new Date(sequenceStart + minutes * 60_000).toISOString()),
  { nil: undefined },
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const commands: readonly [weight: number, command: string, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>][] = [
  [3, 'PlanMigration', { migration: anyMigration, source: anySource, target: anyTarget, lookupUri: anyLookup }],
  [3, 'RecordBackup', { migration: anyMigration, side: anySide, reference: fc.constantFrom('tape 1', 'tape 2') }],
  [3, 'StopServices', { migration: anyMigration, side: anySide }],
  [3, 'StartServices', { migration: anyMigration, side: anySide }],
  [2, 'RecordExport', { migration: anyMigration, file: fc.constantFrom('a.zip', 'b.zip'), ...counts }],
  [2, 'ApproveInspection', { migration: anyMigration }],
  [2, 'RecordDryRun', { migration: anyMigration, errors: mostlyNone, warnings: mostlyNone }],
  [2, 'RecordImport', { migration: anyMigration, ...counts }],
  [1, 'RecordFilesCopied', { migration: anyMigration, files: anyCount, bytes: anyCount }],
  [1, 'DeleteLookupAccount', { migration: anyMigration, uri: fc.constant(lookupUri) }],
  [2, 'RecordVerification', { migration: anyMigration, method: fc.constant('counts'), conflicts: mostlyNone }],
  [1, 'CompleteMigration', { migration: anyMigration }],
  [2, 'RollBackMigration', { migration: anyMigration, reason: fc.constant('no'), acceptLossOfNewMessages: fc.constant(true) }],
  [3, 'ResolveFinding', { subject: anySubject, finding: anyFinding, resolution: fc.constant('done so') }],
  [6, 'WaiveFinding', { subject: anySubject, finding: anyFinding, reason: fc.constant('accepted'), expiresAt: anyExpiry }],
  [5, 'AddCategory', { deployment: anyDeployment, category: anyCategory, parent: optional(anyCategory), invitations: fc.boolean() }],
  [8, 'AddRoom', { deployment: anyDeployment, room: anyRoom, category: anyCategory }],
  [3, 'ExcludeRoom', { deployment: anyDeployment, room: anyRoom, reason: fc.constant('old') }],
  [2, 'RemoveRoom', { deployment: anyDeployment, room: anyRoom }],
  [3, 'ConnectClient', {
    user: fc.constantFrom('sip:alice@contoso.com', 'sip:bob@contoso.com'),
    client: fc.constantFrom('group-chat-2010', 'lync-2013'),
    deployment: fc.oneof(anySource, anyTarget),
  }],
]; // prettier-ignore

const ofMigration: fc.Arbitrary<Step> = fc.oneof(
  ...commands.map(([weight, command, fields]) => ({
    weight,
    arbitrary: fc.record(fields).map((given) => step(command, defined(given as Fields))),
  })),
);

/** A whole run, from its plan to its end. */
const wholeRun: fc.Arbitrary<readonly Step[]> = fc
  .tuple(anyMigration, anySource, anyTarget, anyLookup, fc.boolean(), fc.boolean(), fc.record(counts), anyExpiry)
  .map(([migration, source, target, uri, completes, waives, imported, expiresAt]) => [
    step('AddCategory', { deployment: source, category: 'Trading' }),
    step('AddCategory', { deployment: source, category: 'Desk', parent: 'Trading', invitations: false }),
    step('AddRoom', { deployment: source, category: 'Desk', room: 'Lobby' }),
    step('AddCategory', { deployment: target, category: 'Trading - Desk' }),
    step('AddRoom', { deployment: target, category: 'Trading - Desk', room: 'Trading - Desk - Lobby' }),
    step('ConnectClient', { user: 'sip:alice@contoso.com', client: 'group-chat-2010', deployment: source }),
    step('PlanMigration', defined({ migration, source, target, lookupUri: uri })),
    step(
      'WaiveFinding',
      defined({ subject: `migration:${migration}`, finding: 'content.name-clash', reason: 'known', expiresAt }),
    ),
    step('ResolveFinding', {
      subject: `migration:${migration}`,
      finding: 'prepare.root-managers',
      resolution: 'removed',
    }),
    step(
      'WaiveFinding',
      defined({ subject: 'estate', finding: 'topology.three-generations', reason: 'known', expiresAt }),
    ),
    step('RecordBackup', { migration, side: 'source', reference: 'tape 1' }),
    step('RecordBackup', { migration, side: 'target', reference: 'tape 2' }),
    step('StopServices', { migration, side: 'source' }),
    step('StopServices', { migration, side: 'target' }),
    step('RecordExport', { migration, file: 'a.zip', categories: 1, rooms: 1, addIns: 0 }),
    step('ApproveInspection', { migration }),
    step('RecordDryRun', { migration, errors: 0, warnings: 0 }),
    step('RecordImport', { migration, ...imported }),
    carry,
    step('RecordFilesCopied', { migration, files: 1, bytes: 1 }),
    ...(uri === undefined ? [] : [step('DeleteLookupAccount', { migration, uri })]),
    ...(uri === undefined ? [] : [step('AddLegacyEndpoint', { deployment: target, uri })]),
    step('StartServices', { migration, side: 'target' }),
    step('RecordVerification', { migration, method: 'counts', conflicts: 0 }),
    ...(waives
      ? [
          step('WaiveFinding', {
            subject: `migration:${migration}`,
            finding: 'migration.counts-differ',
            reason: 'counted',
          }),
        ]
      : []),
    completes
      ? step('CompleteMigration', { migration })
      : step('RollBackMigration', { migration, reason: 'no', acceptLossOfNewMessages: true }),
    carry,
  ]);

/** Names that grow too long once their parents' stand before them. */
const longNames: fc.Arbitrary<readonly Step[]> = anySource.map((deployment) => [
  step('AddCategory', { deployment, category: long }),
  step('AddCategory', { deployment, category: 'Desk', parent: long, invitations: false }),
  step('AddRoom', { deployment, category: 'Desk', room: long }),
  step('AddCategory', { deployment, category: `${long}2`, parent: long }),
]);

/** Connections that outlive what permitted them. */
const outlived: fc.Arbitrary<readonly Step[]> = anyTarget.map((deployment) => [
  step('HomeUser', { user: 'bob@contoso.com', pool: 'fe13a.contoso.com' }),
  step('EnablePolicy', { policy: 'global' }),
  step('ConnectClient', { user: 'bob@contoso.com', client: 'lync-2013', deployment }),
  step('AddLegacyEndpoint', { deployment, uri: 'sip:gone@contoso.com' }),
  step('ConnectClient', { user: 'alice@contoso.com', client: 'group-chat-2010', deployment }),
  step('RemoveLegacyEndpoint', { deployment, uri: 'sip:gone@contoso.com' }),
  step('DisablePolicy', { policy: 'global' }),
]);

const someRun = fc.oneof(
  wholeRun,
  wholeRun.chain((steps) => fc.subarray(Array.from(steps), { minLength: Math.ceil(steps.length / 2) })),
);

const sequenceLengthMax = 90;

/** A run in the midst of everything else. */
export const anyMigrationSequence: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: ofMigration.map((each) => [each]) },
      { weight: 3, arbitrary: anyStep.map((each) => [each]) },
      { weight: 1, arbitrary: fc.constant([carry]) },
      { weight: 2, arbitrary: someRun },
      { weight: 1, arbitrary: longNames },
      { weight: 1, arbitrary: outlived },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((rest) => [...estate, ...rest.flat().slice(0, sequenceLengthMax)]);
