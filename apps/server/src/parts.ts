import type { CommandShell, EventLog } from '#event-log';
import type { CommandDefinition } from '#kernel';
import type { PlanService } from '#plans';
import type { RunService } from '#runs';
import type { Views } from '#views';
import type { Access } from './access/access.js';
import type { LiveHub } from './live/live-hub.js';
import type { CarryOver } from './migrations/carry-over.js';
import type { AppendWatch } from './operations/append-watch.js';
import type { Logger } from './operations/logger.js';
import type { Metrics } from './operations/metrics.js';
import type { SelfCheck } from './projections/self-check.js';

/** What the routes are made of, opened by `start.ts` or by a spec. */
export interface Parts {
  readonly log: EventLog;
  readonly appends: AppendWatch;
  readonly views: Views;
  readonly shell: CommandShell;
  readonly access: Access;
  readonly runs: RunService;
  readonly carryOver: CarryOver;
  readonly plans: PlanService;
  readonly live: LiveHub;
  readonly selfCheck: SelfCheck;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly commands: readonly CommandDefinition[];
}

/** Injection tokens of parts that are no classes. */
export const VIEWS = Symbol('views');
export const LOG = Symbol('event log');
export const LOGGER = Symbol('logger');
