import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '#event-log';
import { estateProjections, estateViews, openViewsInProcess, type Views } from '#views';
import { MemoryLog } from './memory-log.js';
import { isFact } from './model/fold.js';
import { Model } from './model/model.js';
import { sequenceStart, type Step } from './model/sequences.js';
import { playStep } from './played-step.js';
import { catalogue, eventsOf, TestNode } from './rig.js';

export const minuteMs = 60_000;

/** What became of a sequence of commands: in the views, and in the naive model. */
export interface Played {
  readonly views: Views;
  readonly model: Model;
  readonly events: readonly RecordedEvent[];
  /** A minute after the last command; UTC, ISO 8601. */
  readonly now: string;
}

/** Plays a command a minute, and shows what became of it while the views are open. */
export async function played(steps: readonly Step[], look: (played: Played) => Promise<void>): Promise<void> {
  let nowMs = sequenceStart;
  const clock = () => new Date(nowMs).toISOString();
  const log = new MemoryLog({ clock });
  const folder = mkdtempSync(join(tmpdir(), 'homeward-played-'));
  const views = await openViewsInProcess({
    folder,
    log,
    catalogue,
    definitions: estateViews,
    threads: [estateProjections],
    now: () => nowMs,
  });
  try {
    const node = new TestNode(log, { clock });
    for (const step of steps) {
      nowMs += minuteMs;
      await playStep(node, log, step);
    }
    nowMs += minuteMs;
    await views.reached(await log.head());
    const events = await eventsOf(log);
    await look({ views, model: modelOf(events), events, now: clock() });
  } finally {
    await views.close();
    rmSync(folder, { recursive: true });
  }
}

function modelOf(events: readonly RecordedEvent[]): Model {
  const model = new Model();
  for (const event of events)
    if (isFact(catalogue, event))
      model.record(event, { at: event.recordedAt, by: event.meta.actor.id }, event.position);
  return model;
}
