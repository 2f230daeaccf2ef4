import { changesProjection } from './diff/changes-projection.js';
import { diffView } from './diff/diff-view.js';
import { accessProjection } from './estate/access-projection.js';
import { contentProjection } from './estate/content-projection.js';
import { contentViews } from './estate/content-views.js';
import { deploymentsViews } from './estate/deployments-view.js';
import { gatesView } from './estate/gates-view.js';
import { policiesView } from './estate/policies-view.js';
import { sitesView } from './estate/sites-view.js';
import { tokensView } from './estate/tokens-view.js';
import { topologyProjection } from './estate/topology-projection.js';
import { usersProjection } from './estate/users-projection.js';
import { usersViews } from './estate/users-views.js';
import { findingsView } from './migration/findings-view.js';
import { migrationScriptView } from './migration/migration-script.js';
import { migrationsProjection } from './migration/migrations-projection.js';
import { migrationsViews } from './migration/migrations-view.js';
import { moments } from './moments.js';
import type { Projection } from './projection.js';
import { runsProjection } from './runs/runs-projection.js';
import { runsViews } from './runs/runs-views.js';
import { plansViews } from './plans/plans-views.js';
import type { ViewDefinition } from './view.js';

export { runsUnderWay, type RunsUnderWay } from './runs/runs-views.js';
export { sipAddresses, type SipAddresses } from './estate/users-views.js';
export { runBuilder } from './engine/builder.js';
export { type InProcessOptions, openViewsInProcess } from './engine/in-process.js';
export type { ProjectionState } from './engine/gauges.js';
export type { Failure, RebuildOrder } from './engine/messages.js';
export { runProjector } from './engine/projector.js';
export type { Progress } from './engine/rate.js';
export { runQueries } from './engine/reader.js';
export type { RebuildState, RebuildStatus, RebuildUnderWay } from './engine/rebuild-job.js';
export { openViews, type ThreadsOptions, type ViewsJob } from './engine/threads.js';
export type { ProjectionStatus } from './engine/standing.js';
export type { ViewAnswer, ViewRequest } from './engine/queries.js';
export { type Advance, Views } from './engine/views.js';
export type * from './engine/verdict.js';
export * from './errors.js';
export { pageOf } from './paging.js';
export type * from './projection.js';
export * from './timeline/index.js';
export * from './view.js';

/** The read models of the estate as it stands and stood; they share a thread. */
export const estateProjections: readonly Projection[] = [
  moments,
  topologyProjection,
  usersProjection,
  contentProjection,
  accessProjection,
  migrationsProjection,
  runsProjection,
  changesProjection,
];

export const estateViews: readonly ViewDefinition[] = [
  ...deploymentsViews,
  sitesView,
  ...usersViews,
  policiesView,
  ...contentViews,
  gatesView,
  tokensView,
  ...runsViews,
  ...plansViews,
  diffView,
  findingsView,
  ...migrationsViews,
  migrationScriptView,
];
