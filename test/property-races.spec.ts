import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { EventLog } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { MemoryLog } from './memory-log.js';
import { type Step, step } from './model/sequences.js';
import { duels } from './races/duels.js';
import { faultsOf } from './races/judge-log.js';
import { behind, forgetful, memoryRace, pauses, race, slowed } from './races/race.js';
import { eventsOf, TestNode } from './rig.js';

const anySeed = fc.integer();
const runsInMemory = 60;
const runsOnDisk = 8;

describe('concurrent writers on two nodes and one log', () => {
  it.each(Object.entries(duels))(
    'break no rule: %s',
    async (_, anyDuel) => {
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(anyDuel, anySeed, async (duel, seed) => {
          const result = await memoryRace(duel, seed);
          for (const outcome of result.outcomes) outcomes.add(outcome);
          expect(result.faults).toEqual([]);
        }),
        { numRuns: runsInMemory },
      );
      expect([...outcomes].toSorted()).toEqual(expect.arrayContaining(['done', 'refused']));
    },
    60_000,
  );

  it.each(Object.entries(duels))(
    'break no rule on the embedded engine: %s',
    async (_, anyDuel) => {
      await fc.assert(
        fc.asyncProperty(anyDuel, anySeed, async (duel, seed) => {
          const folder = mkdtempSync(join(tmpdir(), 'homeward-races-'));
          const log = await openSqliteLog({ file: join(folder, 'events.db') });
          try {
            expect((await race(slowed(log, pauses(seed)), duel)).faults).toEqual([]);
          } finally {
            await log.close();
            rmSync(folder, { recursive: true });
          }
        }),
        { numRuns: runsOnDisk },
      );
    },
    60_000,
  );

  it('let exactly one of many register the same pool', async () => {
    const log = new MemoryLog({ pause: pauses(7) });
    const nodes = [new TestNode(log), new TestNode(log)];
    const sites = Array.from({ length: 20 }, (_, index) => `Site ${index}`);
    for (const site of sites) await nodes[0]!.send('RegisterSite', { site });
    const answers = await Promise.all(
      sites.map((site, index) =>
        nodes[index % 2]!.send('RegisterPool', { pool: 'fe.contoso.com', generation: 'lync-2013', site }),
      ),
    );
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([
      'done',
      ...Array.from({ length: 19 }, () => 'refused'),
    ]);
    expect((await eventsOf(log)).filter(({ type }) => type === 'PoolRegistered')).toHaveLength(1);
  });
});

describe('the judgement of a race', () => {
  // What a check guards that names a stream the append does not write: the pool, the policy, the deployment.
  const guarded = [
    'nobody holds a removed policy',
    'nobody is homed on a pool that was sealed or decommissioned',
    'nobody is connected to a decommissioned deployment',
    'a client connects by what holds when it is recorded',
  ];

  it.each(guarded)(
    'finds a log that forgets the checks on streams it does not write: %s',
    async (name) => {
      const result = await fc.check(
        fc.asyncProperty(duels[name]!, anySeed, async (duel, seed) => {
          expect((await memoryRace(duel, seed, { log: forgetful })).faults).toEqual([]);
        }),
        { numRuns: 300, endOnFailure: true, seed: 1 },
      );
      expect(result.failed).toBe(true);
    },
    60_000,
  );

  it.each(['nobody holds a removed policy', 'nobody is connected to a decommissioned deployment'])(
    'finds a count that is behind the log: %s',
    async (name) => {
      const result = await fc.check(
        fc.asyncProperty(duels[name]!, anySeed, async (duel, seed) => {
          const countsIn = (log: EventLog) => behind(log, 4);
          expect((await memoryRace(duel, seed, { countsIn })).faults).toEqual([]);
        }),
        { numRuns: 300, endOnFailure: true, seed: 1 },
      );
      expect(result.failed).toBe(true);
    },
    60_000,
  );

  it.each(['an endpoint has one deployment', 'a client connects by what holds when it is recorded'])(
    'finds nodes that take their memory for the log: %s',
    async (name) => {
      const result = await fc.check(
        fc.asyncProperty(duels[name]!, anySeed, async (duel, seed) => {
          expect((await memoryRace(duel, seed, { sharedLog: false })).faults).toEqual([]);
        }),
        { numRuns: 300, endOnFailure: true, seed: 1 },
      );
      expect(result.failed).toBe(true);
    },
    60_000,
  );

  it('finds a user who was homed on a pool after it was sealed', async () => {
    const log = new MemoryLog();
    const commands = new Map<string, Step>();
    const node = new TestNode(log);
    const story = [
      step('RegisterSite', { site: 'Redmond' }),
      step('RegisterPool', { pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2', site: 'Redmond' }),
      step('EnrolUser', { user: 'sip:alice@contoso.com' }),
      step('HomeUser', { user: 'sip:alice@contoso.com', pool: 'ocs01.contoso.com' }),
      step('SealPool', { pool: 'ocs01.contoso.com' }),
    ];
    for (const [index, sent] of story.entries()) {
      commands.set(`command-${index}`, sent);
      await node.send(sent.command, sent.fields, { commandId: `command-${index}` });
    }
    const events = await eventsOf(log);
    expect(faultsOf(events, commands)).toEqual([]);
    const sealedBefore = [...events.slice(0, 3), events[4]!, events[3]!];
    expect(faultsOf(sealedBefore, commands)).toEqual([expect.stringContaining('refused homing.pool-sealed')]);
  });
});
