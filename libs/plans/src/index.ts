import { planEvents as ownEvents } from './plan.js';
import { plannedEvents } from './planned-rows.js';

export * from './errors.js';
export type { KnownPlan, Plan, PlanApplied, PlanEvent, PlanMade, PlanSource } from './plan.js';
export { type PlannedEvent, type PlannedRow, readPlanned, type RowsPlanned } from './planned-rows.js';
export type { MadePlan } from './make-plan.js';
export { plansOfRuns } from './plans-of-runs.js';
export {
  type ForUsers,
  PlanService,
  type PlanServiceOptions,
  type UserFilter,
  type UsersPassing,
} from './plan-service.js';

export const planEvents = { ...ownEvents, ...plannedEvents };
