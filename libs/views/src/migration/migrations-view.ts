import { subject } from '#kernel';
import {
  type KnownMigration,
  migrationStates,
  rollBackRules,
  stateOf,
  type StepStanding,
  steps,
  stepsOf,
} from '#migration';
import { contentOf } from '../estate/content-at.js';
import { TopologyAt } from '../estate/topology-at.js';
import { Asked } from '../parameters.js';
import { pageOf } from '../paging.js';
import { count, flag, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import type { ViewDefinition, ViewQuery } from '../view.js';
import { carriedThere, carryOverPending, roomsUnaccounted } from './content-facts.js';
import { type Finding, FindingsAt } from './findings-at.js';
import { findingItem } from './findings-view.js';
import { MigrationsAt, type RunAt } from './migrations-at.js';
import type { Said } from './migrations-projection.js';

const step = shape({
  step: words(...steps),
  status: words('done', 'next', 'blocked', 'skipped'),
  at: orNull(instant),
  by: orNull(shape({ id: text, name: text })),
  evidence: orNull(text),
  missing: listOf(text),
});

export const migrationItem = shape({
  migration: text,
  source: text,
  target: text,
  contentCutoff: orNull(text),
  lookupUri: orNull(text),
  state: words(...migrationStates),
  steps: listOf(step),
  findings: listOf(findingItem),
  carriedOver: shape({
    categories: count,
    rooms: count,
    addIns: count,
    clashes: count,
    clashNames: listOf(text),
    pending: flag,
  }),
  // What going back would cost; null once it has gone back.
  rollback: orNull(
    shape({
      possible: flag,
      refusals: listOf(text),
      takesOut: shape({ categories: count, rooms: count, addIns: count }),
      restores: count,
      losesNewMessages: flag,
    }),
  ),
  // Its steps stay as they were taken; what came of them was undone.
  rolledBack: orNull(shape({ at: instant, by: shape({ id: text, name: text }), reason: orNull(text) })),
});

export const projections = ['migrations', 'topology', 'users', 'content'];

/** A step with who took it, when and on what evidence. */
export interface ShownStep extends StepStanding {
  readonly by: Said['by'] | null;
  readonly at: string | null;
  readonly evidence: string | null;
}

/** Runs as they stand at a moment. */
export class RunsShown {
  readonly topology: TopologyAt;
  readonly migrations: MigrationsAt;
  private readonly findings: FindingsAt;

  constructor(
    db: ConstructorParameters<typeof TopologyAt>[0],
    { at, instant: asOf }: Pick<ViewQuery, 'at' | 'instant'>,
  ) {
    this.topology = new TopologyAt(db, at);
    this.migrations = new MigrationsAt(db, at);
    this.findings = new FindingsAt(this.topology, this.migrations, asOf);
  }

  show(runAt: RunAt): object {
    const { run } = runAt;
    const { migration, source, target, contentCutoff, lookupUri } = run;
    const findings = this.findingsOf(runAt);
    const { categories, rooms, addIns, clashes } = this.migrations.progress(migration);
    const pending = carryOverPending(this.topology, this.migrations, run);
    const clashNames = this.migrations.clashes(migration).map((each) => each.slice(each.indexOf('/') + 1));
    return {
      migration,
      source,
      target,
      contentCutoff,
      lookupUri,
      state: stateOf(run),
      steps: this.steps(runAt, findings),
      findings,
      carriedOver: { categories, rooms, addIns, clashes, clashNames, pending },
      rollback: this.rollback(run),
      rolledBack: rolledBack(runAt),
    };
  }

  private rollback(run: KnownMigration): object | null {
    if (run.closed === 'rolled-back') return null;
    const { clashes, leftOut } = this.migrations.progress(run.migration);
    const refusals = rollBackRules(run, this.topology.deployment(run.source)?.status ?? 'active');
    return {
      possible: refusals.length === 0,
      refusals: refusals.map(({ rule }) => rule),
      takesOut: carriedThere(this.topology, this.migrations, run),
      restores: clashes - leftOut,
      losesNewMessages: run.targetRan,
    };
  }

  steps({ run, said }: RunAt, findings: readonly Finding[]): readonly ShownStep[] {
    const { target, source, lookupUri } = run;
    const { topology, migrations } = this;
    const { categories, rooms, addIns } = contentOf(topology, target);
    const endpoint = lookupUri === null ? undefined : migrations.endpoint(lookupUri);
    const standings = stepsOf({
      run,
      targetHoldsContent: categories + rooms + addIns > 0,
      targetHeldBy: migrations.heldBy(target),
      openErrors: findings
        .filter(({ severity, status }) => severity === 'error' && status === 'open')
        .map(({ finding }) => finding),
      roomsUnaccounted: run.closed
        ? { count: 0, offenders: [] }
        : roomsUnaccounted(topology, migrations, source, run, false),
      carryOverPending: carryOverPending(topology, migrations, run),
      endpointOn: endpoint?.deployment ?? null,
    });
    return standings.map((standing) => {
      const recorded = standing.step === 'legacy-endpoint' ? endpoint?.said : said[standing.step];
      // What was tried in vain is told too: a dry run with errors, a verification with conflicts.
      const isTold = standing.status === 'done' || standing.step === 'dry-run' || standing.step === 'verification';
      const { by = null, at = null, evidence = null } = (isTold && recorded) || {};
      return { ...standing, by, at, evidence };
    });
  }

  /** Its own, and those of its source while it is under way. */
  findingsOf(runAt: RunAt): readonly Finding[] {
    const { source, closed } = runAt.run;
    const ofSource = closed ? [] : this.findings.of(subject.deployment(source));
    return [...ofSource, ...this.findings.ofRun(runAt)];
  }
}

function rolledBack({ said: { rollback } }: RunAt): object | null {
  return rollback ? { at: rollback.at, by: rollback.by, reason: rollback.evidence } : null;
}

export const migrationsViews: readonly ViewDefinition[] = [
  {
    path: '/api/migrations',
    summary: 'Migrations: how far each has come, step by step, and what is missing',
    kind: 'list',
    parameters: {},
    projections,
    item: migrationItem,
    run: (db, query) => {
      const shown = new RunsShown(db, query);
      const all = shown.migrations.runs();
      return pageOf(
        all,
        'migrations',
        query,
        ({ run }) => run.migration,
        (run) => shown.show(run),
      );
    },
  },
  {
    path: '/api/migrations/:migration',
    summary: 'One migration',
    kind: 'one',
    parameters: { migration: Asked.migration('id of the migration') },
    projections,
    item: migrationItem,
    run: (db, query) => {
      const shown = new RunsShown(db, query);
      const run = shown.migrations.run(String(query.input['migration']));
      return run && shown.show(run);
    },
  },
];
