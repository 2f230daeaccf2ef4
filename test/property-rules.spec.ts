import * as fc from 'fast-check';
import { MemoryLog } from './memory-log.js';
import { Model, modelCommands } from './model/model.js';
import { anySequence, sequenceStart, type Step } from './model/sequences.js';
import type { World } from './model/world.js';
import { comparable, definitions, expected, TestNode, worldOf } from './rig.js';

const runs = 200;

describe('the rules, against a naive model of the contract', () => {
  it('knows the same commands', () => {
    expect(definitions.map(({ name }) => name).toSorted()).toEqual(modelCommands.toSorted());
  });

  it('says what the model says, does what the model does, and does nothing twice', async () => {
    const reached = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anySequence, (steps) => play(steps, (what) => reached.set(what, (reached.get(what) ?? 0) + 1))),
      { numRuns: runs, interruptAfterTimeLimit: 60_000 },
    );
    // A test that never gets anywhere proves nothing.
    for (const what of [
      'PoolDecommissioned',
      'DeploymentDecommissioned',
      'policy.granted',
      'isolation.cross-deployment',
      'UserHomed',
    ])
      expect([what, reached.get(what) ?? 0]).not.toEqual([what, 0]);
    for (const { name } of definitions) expect([name, reached.get(`${name} done`) ?? 0]).not.toEqual([name, 0]);
  }, 120_000);
});

async function play(steps: readonly Step[], reached: (what: string) => void): Promise<void> {
  let now = sequenceStart;
  const clock = () => new Date(now).toISOString();
  const log = new MemoryLog({ clock });
  const node = new TestNode(log, { clock });
  const model = new Model();
  for (const { command, fields } of steps) {
    now += 60_000;
    const before = await log.head();
    const planned = await node.plan(command, fields);
    expect(await log.head()).toBe(before);

    const verdict = model.send(command, fields, clock());
    const first = await node.send(command, fields);
    const said = { command, fields, ...comparable(first) };
    expect(said).toEqual({ command, fields, ...expected(verdict) });
    expect(comparable(planned)).toEqual(comparable(first));
    if (first.outcome === 'refused') for (const { detail } of first.refusals) expect(detail).toMatch(/\S/);
    if (first.outcome === 'unchanged') expect(await log.head()).toBe(before);

    const again = model.send(command, fields, clock());
    const second = await node.send(command, fields);
    expect({ command, fields, again: comparable(second) }).toEqual({ command, fields, again: expected(again) });
    if (first.outcome === 'done' && !command.startsWith('Remove'))
      expect({ command, fields, again: second.outcome }).toEqual({ command, fields, again: 'unchanged' });

    reached(`${command} ${first.outcome}`);
    for (const { type } of verdict.events) reached(type);
    for (const { rule } of verdict.refusals) reached(rule);
  }
  expect(timeless(await worldOf(log))).toEqual(timeless(model.world));
}

/** Without who and when, which the model was not told. */
function timeless(world: World): World {
  return JSON.parse(
    JSON.stringify(world, (key, value: unknown) =>
      key === 'since' || key === 'at' || key === 'by' ? undefined : value,
    ),
  ) as World;
}
