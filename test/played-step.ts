import { setTimeout as sleep } from 'node:timers/promises';
import { CarryOver } from '#server/migrations/carry-over';
import { carryOverQueue } from '#migration';
import type { MemoryLog } from './memory-log.js';
import { carry } from './model/migration-sequences.js';
import type { Step } from './model/sequences.js';
import { operator, type TestNode } from './rig.js';

const looksMax = 5_000;
const approver = { ...operator, id: 'token-2' };

/** Sends a step's command, an approval as somebody else than who exported; or does what is due to be carried over. */
export async function playStep(node: TestNode, log: MemoryLog, step: Step): Promise<void> {
  if (step === carry) return workOff(node, log);
  const { command, fields } = step;
  await node.send(command, fields, command === 'ApproveInspection' ? { actor: approver } : {});
}

/** Everything that is due to be carried over or taken back. */
async function workOff(node: TestNode, log: MemoryLog): Promise<void> {
  const failures: unknown[] = [];
  const onTrouble = (_: string | null, error: unknown) => void failures.push(error);
  const reaction = new CarryOver({ shell: node.shell, log, pollMs: 1, onTrouble });
  reaction.start();
  for (let looks = 0; looks < looksMax && failures.length === 0; looks++) {
    if ((await node.shell.begin(operator, false).load(carryOverQueue)).size === 0) break;
    await sleep(1);
  }
  await reaction.close();
  expect(failures).toEqual([]);
}
