import { hash } from 'node:crypto';
import { type Actor, canonicalJson, streamOf } from '#kernel';
import { KeyReused, keyStream, type UnitOfWork } from '#event-log';
import type { RunKind } from './run-kind.js';
import { type RunStarted, runStream } from './run.js';
import type { AppliedPlan } from './upload.js';

/** Of all that the run of a file was asked for with. */
export function bodyHashOf({ file: { sha256 }, format: { form }, parameters }: RunStarted['data']): string {
  if (form === 'csv' && Object.keys(parameters).length === 0) return sha256;
  return hash('sha256', canonicalJson([sha256, form, parameters]), 'hex');
}

/** The same of a run that applies a plan. */
export function hashOfApplying({ plan, asked }: Omit<AppliedPlan, 'record'>): string {
  return hash('sha256', canonicalJson([plan, asked]), 'hex');
}

/** As for a command's key: it is its sender's own. */
export function keyOf({ id }: Actor, key: string) {
  return streamOf(keyStream, hash('sha256', canonicalJson([id, key]), 'hex'));
}

/** The run that a key was answered with; undefined where it is new. @throws {KeyReused} where it came with something else */
export async function runOfKey(
  unit: UnitOfWork,
  actor: Actor,
  key: string,
  { command }: RunKind,
  bodyHash: string,
): Promise<string | undefined> {
  const answer = await unit.load(keyOf(actor, key));
  if (!answer) return undefined;
  if (answer.command !== command || answer.bodyHash !== bodyHash) throw new KeyReused(answer.command);
  return String(answer.reply['run']);
}

export function answeredWith(run: string, { command }: RunKind, bodyHash: string) {
  const events = [{ stream: runStream(run).name, revision: '0' }];
  return {
    type: 'KeyAnswered',
    data: { command, bodyHash, outcome: 'done', events, refusals: [], reply: { run } },
  } as const;
}
