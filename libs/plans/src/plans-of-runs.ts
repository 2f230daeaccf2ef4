import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import type { PlansOfRuns } from '#runs';
import { leftOut } from './left-out.js';
import { PlannedGuard } from './planned-guard.js';

/** The plans that runs of this log apply. */
export function plansOfRuns(log: EventLogReader, catalogue: EventCatalogue): PlansOfRuns {
  return {
    guard: (plan, run) => new PlannedGuard(log, catalogue, plan, run),
    leftOut: (plan) => leftOut(log, catalogue, plan),
  };
}
