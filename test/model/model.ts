import { apply, type ModelEvent, type Recording } from './apply.js';
import { contentRules } from './content-rules.js';
import { estateRules } from './estate-rules.js';
import { gateRules } from './gate-rules.js';
import { userRules } from './user-rules.js';
import type { Fields, Verdict } from './verdict.js';
import { emptyWorld, type World } from './world.js';

const rules: Readonly<Record<string, (world: World, fields: Fields, now: string) => Verdict>> = {
  ...estateRules,
  ...userRules,
  ...contentRules,
  ...gateRules,
};

export const modelCommands: readonly string[] = Object.keys(rules);

/** What a command would do to this world. */
export function decide(world: World, command: string, fields: Fields, now: string): Verdict {
  const rule = rules[command];
  if (!rule) throw new Error(`the model knows no command ${command}`);
  return rule(world, normalised(fields), now);
}

/** The naive tracker: it keeps a whole copy of its world for every step, so that the past is a look-up. */
export class Model {
  readonly world: World = emptyWorld();
  private readonly history: { readonly position: bigint; readonly at: string; readonly world: World }[] = [];

  send(command: string, fields: Fields, now: string): Verdict {
    const verdict = decide(this.world, command, fields, now);
    for (const event of verdict.events) apply(this.world, event, { at: now, by: 'model' });
    return verdict;
  }

  /** Takes a recorded fact instead of deciding one. */
  record(event: ModelEvent, recording: Recording, position: bigint): void {
    apply(this.world, event, recording);
    this.history.push({ position, at: recording.at, world: structuredClone(this.world) });
  }

  asOf(position: bigint): World {
    return this.history.findLast((step) => step.position <= position)?.world ?? emptyWorld();
  }

  asOfInstant(instant: string): World {
    return this.history.findLast((step) => step.at <= instant)?.world ?? emptyWorld();
  }
}

/** Contract §1: ids as stored. Names keep their case. */
export function normalised(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([field, value]) => [field, normalise[field]?.(value) ?? value]),
  );
}

const lower = (value: string) => value.toLowerCase();
const sip = (value: string) => (lower(value).startsWith('sip:') ? lower(value) : `sip:${lower(value)}`);
const normalise: Readonly<Record<string, (value: string) => string>> = {
  pool: lower,
  homedOn: lower,
  deployment: lower,
  user: sip,
  uri: sip,
  guid: lower,
  policy: (value) => value.replace(/^(global$|site:|tag:)/i, lower),
  subject: (value) => value.replace(/^(pool|deployment):.*$/i, lower),
};
