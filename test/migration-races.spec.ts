import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandAnswer } from '#event-log';
import { done, migration, type Node, node, source, target } from './carry-over/estate.js';
import { MemoryLog } from './memory-log.js';

const rounds = 25;
const other = 'gchat07.contoso.com';
const uri = 'sip:ocschat@contoso.com';

/** Two nodes on one log on which every read and append takes a moment, and what both begin with. */
async function twoNodes(): Promise<readonly [Node, Node]> {
  let isSlow = false;
  const log = new MemoryLog({ pause: () => (isSlow ? sleep(Math.random() * 2) : Promise.resolve()) });
  const nodes = [node(log, true), node(log, true)] as const;
  const { send } = nodes[0];
  await done(send('RegisterSite', { site: 'Redmond' }));
  for (const [pool, deployment, generation] of [
    ['lync10.contoso.com', source, 'lync-2010'],
    ['ocs01.contoso.com', other, 'ocs-2007-r2'],
    ['pool13.contoso.com', target, 'lync-2013'],
  ]) {
    await done(send('RegisterPool', { pool, generation, site: 'Redmond' }));
    await done(send('RegisterDeployment', { deployment, generation, homedOn: pool }));
  }
  isSlow = true;
  return nodes;
}

type Sent = readonly [name: string, fields: object];

/** Sends both at once, round after round, and answers what came of them: rules, or the outcome. */
async function duels(begin: (first: Node) => Promise<void>, one: Sent, two: Sent): Promise<Set<string>> {
  const told = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const [a, b] = await twoNodes();
    await begin(a);
    const late = () => sleep(Math.random() * 10);
    const answers = await Promise.all([late().then(() => a.send(...one)), late().then(() => b.send(...two))]);
    told.add(answers.map(inShort).join(' / '));
  }
  return told;
}

const inShort = (answer: CommandAnswer): string =>
  answer.outcome === 'refused' ? answer.refusals.map(({ rule }) => rule).join(' ') : answer.outcome;

const plan = (id: string, of: string, more: object = {}): Sent => [
  'PlanMigration',
  { migration: id, source: of, target, ...more },
];

describe('at the same moment, on two nodes', () => {
  it('one source gets one run', async () => {
    const told = await duels(async () => undefined, plan(migration, source), plan('wave-2', source));
    for (const each of told)
      expect(['done / migration.source-has-run', 'migration.source-has-run / done']).toContain(each);
  }, 60_000);

  it('one target is held by one run', async () => {
    const stop = (id: string): Sent => ['StopServices', { migration: id, side: 'target' }];
    const begin = async ({ send }: Node) => {
      await done(send(...plan(migration, source)));
      await done(send(...plan('wave-2', other)));
    };
    for (const each of await duels(begin, stop(migration), stop('wave-2')))
      expect(['done / migration.target-busy', 'migration.target-busy / done']).toContain(each);
  }, 60_000);

  it('a URI is a lookup account that is known, or becomes an endpoint before it is', async () => {
    const told = await duels(async () => undefined, plan(migration, source, { lookupUri: uri }), [
      'AddLegacyEndpoint',
      { deployment: target, uri },
    ]);
    for (const each of told) expect(['done / done', 'done / endpoint.lookup-account-exists']).toContain(each);
  }, 60_000);

  it('a run is completed or rolled back, and a rollback that comes second undoes the other', async () => {
    const begin = async ({ send }: Node) => {
      await done(send(...plan(migration, source)));
      for (const side of ['source', 'target']) {
        await done(send('RecordBackup', { migration, side, reference: 'tape 7' }));
        await done(send('StopServices', { migration, side }));
      }
      const none = { categories: 0, rooms: 0, addIns: 0 };
      await done(send('RecordExport', { migration, file: 'export.zip', ...none }));
      await done(send('ApproveInspection', { migration }, 'token-2'));
      await done(send('RecordDryRun', { migration, errors: 0, warnings: 0 }));
      await done(send('RecordImport', { migration, ...none }));
      await done(send('RecordFilesCopied', { migration, files: 0, bytes: 0 }));
      await done(send('StartServices', { migration, side: 'target' }));
      await done(send('RecordVerification', { migration, method: 'counts', conflicts: 0 }));
    };
    const told = await duels(
      begin,
      ['CompleteMigration', { migration }],
      ['RollBackMigration', { migration, reason: 'back', acceptLossOfNewMessages: true }],
    );
    for (const each of told) expect(['done / done', 'migration.rolled-back / done']).toContain(each);
  }, 60_000);
});
