import type { Appended, Check, Conflict } from '#event-log';
import type { Patience } from './patience.js';
import type { PlacedRecord } from './record.js';

/** Of one call, unless a single append has more: enough to make a call's own cost small, few enough to be answered within some milliseconds. */
const recordsMax = 128;
const charactersMax = 1 << 20;

/** An append that waits for its answer. */
export interface Asked {
  readonly places: readonly PlacedRecord[];
  readonly checks: readonly Check[];
  readonly characters: number;
  readonly patience: Patience;
  readonly answer: PromiseWithResolvers<Appended | Conflict>;
  /** With others it was refused, which may be another one's fault. */
  alone: boolean;
}

/** What the call asks of a stream so far. */
interface Asking extends Check {
  readonly isWritten: boolean;
}

/**
 * Takes out what one call can hold, in order, and leaves the rest. Whatever a call holds is written together or not at all, so these are appends that
 * do not get in each other's way: what one writes, no other looks at, and what several look at they expect to be the same.
 */
export function takeTogether(waiting: Asked[]): readonly Asked[] {
  const together: Asked[] = [];
  const asking = new Map<string, Asking>();
  let records = 0;
  let characters = 0;
  for (const asked of waiting.splice(0)) {
    const isFirst = together.length === 0;
    const hasRoom =
      !asked.alone &&
      !together[0]?.alone &&
      records + asked.places.length <= recordsMax &&
      characters + asked.characters <= charactersMax;
    if (!isFirst && !(hasRoom && joins(asked, asking))) {
      waiting.push(asked);
      continue;
    }
    together.push(asked);
    records += asked.places.length;
    characters += asked.characters;
    const written = writtenBy(asked);
    for (const check of asked.checks) asking.set(keyOf(check), { ...check, isWritten: written.has(check.stream) });
  }
  return together;
}

/** Of all of them; one a stream. */
export function checksOf(together: readonly Asked[]): Check[] {
  return [...new Map(together.flatMap(({ checks }) => checks.map((check) => [check.stream, check]))).values()];
}

function joins(asked: Asked, asking: ReadonlyMap<string, Asking>): boolean {
  const written = writtenBy(asked);
  return asked.checks.every((check) => {
    const other = asking.get(keyOf(check));
    if (!other) return true;
    const isSame = other.stream === check.stream && other.expect === check.expect;
    return isSame && !other.isWritten && !written.has(check.stream);
  });
}

const writtenBy = ({ places }: Asked): ReadonlySet<string> => new Set(places.map(({ record }) => record.stream));

/** KurrentDB can't tell streams of one call apart whose names differ by case alone. */
const keyOf = ({ stream }: Check): string => stream.toUpperCase();
