import type { Refusal } from '#kernel';
import type { Appended, Position, Revision } from './event-log.js';
import type { Pending } from './unit-of-work.js';

/** An event in a command's answer; revision and position are null in a plan. */
export interface AnsweredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: string | null;
  readonly position: string | null;
  readonly recordedAt: string | null;
  readonly data: object;
}

export type CommandAnswer =
  | {
      readonly outcome: 'done' | 'unchanged';
      readonly position: Position | null;
      readonly events: readonly AnsweredEvent[];
      readonly reply: Readonly<Record<string, unknown>>;
    }
  | { readonly outcome: 'refused'; readonly position: Position | null; readonly refusals: readonly Refusal[] };

/** What was decided and appended. */
export function accepted(
  shown: readonly Pending[],
  appended: Appended,
  reply: Readonly<Record<string, unknown>>,
): CommandAnswer {
  const events: AnsweredEvent[] = [];
  let position: Position | null = null;
  for (const [index, pending] of shown.entries()) {
    if (pending.internal) continue;
    position = appended.positions[index] ?? null;
    events.push(answered(pending, appended.revisions[index], position, appended.recordedAt));
  }
  return { outcome: events.length > 0 ? 'done' : 'unchanged', position, events, reply };
}

export function answered(
  { record, data }: Pending,
  revision?: Revision,
  position: Position | null = null,
  recordedAt: string | null = null,
): AnsweredEvent {
  return {
    id: record.id,
    type: record.type,
    stream: record.stream,
    revision: revision === undefined ? null : `${revision}`,
    position: position === null ? null : `${position}`,
    recordedAt,
    data,
  };
}
