import { clients, isLegacy, type Subject, subject } from '#kernel';
import {
  countsDiffer,
  type Fact,
  type FindingDefinition,
  type FindingName,
  findingOf,
  findings,
  type FindingRecord,
  type KnownMigration,
  noEndpoint,
  sayLeftOut,
  type Severity,
  standingOf,
  threeGenerations,
  tooManyRooms,
  tooManyUsers,
} from '#migration';
import { contentOf } from '../estate/content-at.js';
import { clientsOf, connectedUsers } from '../estate/deployment-at.js';
import { groupsAt } from '../estate/groups-at.js';
import type { DeploymentRow, TopologyAt } from '../estate/topology-at.js';
import { carryOverPending, clashFacts, sourceFacts } from './content-facts.js';
import type { MigrationsAt, RunAt } from './migrations-at.js';

/** A finding as it stands at a moment (`contract.md` §3). */
export interface Finding {
  readonly subject: Subject;
  readonly finding: string;
  readonly severity: Severity;
  readonly detail: string;
  readonly count: number;
  readonly offenders: readonly Subject[];
  readonly resolve: readonly string[];
  readonly status: 'open' | 'resolved' | 'waived';
  /** What was done about it, or why it need not be. */
  readonly evidence: string | null;
  readonly by: { readonly id: string; readonly name: string } | null;
  readonly at: string | null;
  readonly expiresAt: string | null;
}

/** How a fact that is there is shown, with what was said of it. */
export function toFinding(
  about: Subject,
  { finding, severity, resolve }: FindingDefinition,
  { detail, count, offenders }: NonNullable<Fact>,
  record: FindingRecord | undefined,
  instant: string,
): Finding {
  const { status, words: evidence, by, at, expiresAt } = standingOf(record, instant);
  return { subject: about, finding, severity, detail, count, offenders, resolve, status, evidence, by, at, expiresAt };
}

type Facts = Iterable<readonly [FindingName, Fact]>;

/** All findings but those on users, of which there may be as many as users. */
export class FindingsAt {
  constructor(
    private readonly topology: TopologyAt,
    private readonly migrations: MigrationsAt,
    private readonly instant: string,
  ) {}

  /** By subject, then by finding. */
  all(): readonly Finding[] {
    return [
      ...this.topology.deployments().flatMap((deployment) => this.ofDeployment(deployment)),
      ...this.ofEstate(),
      ...this.migrations.runs().flatMap((run) => this.ofRun(run)),
    ];
  }

  /** Those of one subject; none where it is unknown. */
  of(about: Subject): readonly Finding[] {
    if (about === subject.estate) return this.ofEstate();
    const id = about.slice(about.indexOf(':') + 1);
    if (about === subject.migration(id)) {
      const run = this.migrations.run(id);
      return run ? this.ofRun(run) : [];
    }
    const deployment = about === subject.deployment(id) ? this.topology.deployment(id) : undefined;
    return deployment ? this.ofDeployment(deployment) : [];
  }

  ofEstate(): readonly Finding[] {
    const pools = this.topology.pools().map((each) => ({ ...each, subject: subject.pool(each.pool) }));
    const deployments = this.topology
      .deployments()
      .map((each) => ({ ...each, subject: subject.deployment(each.deployment) }));
    const there = [...pools, ...deployments].filter(({ status }) => status !== 'decommissioned');
    const homed = groupsAt(this.topology).filter(({ retired, generation }) => !retired && generation === 'lync-2013');
    return this.shown(subject.estate, [
      ['topology.three-generations', threeGenerations(there)],
      ['capacity.provisioned-users', tooManyUsers(homed.reduce((sum, { count }) => sum + count, 0))],
    ]);
  }

  ofDeployment({ deployment, generation, status }: DeploymentRow): readonly Finding[] {
    if (status === 'decommissioned') return [];
    return this.shown(subject.deployment(deployment), this.deploymentFacts(deployment, isLegacy(generation)));
  }

  private *deploymentFacts(deployment: string, legacy: boolean): Facts {
    yield ['capacity.rooms', tooManyRooms(deployment, contentOf(this.topology, deployment).rooms)];
    if (!legacy) return;
    const { nameTooLong, nestedCategories, invitationsForcedOff } = sourceFacts(this.topology, deployment);
    yield ['content.name-too-long', nameTooLong];
    yield ['content.nested-categories', nestedCategories];
    yield ['content.invitations-forced-off', invitationsForcedOff];
  }

  /** `named`: with the offenders, not only their number. */
  ofRun({ run }: Pick<RunAt, 'run'>, named = true): readonly Finding[] {
    return this.shown(subject.migration(run.migration), this.runFacts(run, named));
  }

  /** What was found of a run that is rolled back holds for nobody. */
  private *runFacts(run: KnownMigration, named: boolean): Facts {
    if (run.closed === 'rolled-back') return;
    const { topology, migrations } = this;
    const { migration, target } = run;
    const progress = migrations.progress(migration);
    const pending = carryOverPending(topology, migrations, run);
    yield ['content.name-clash', run.imported ? overwritten(target, migrations, migration) : clashFacts(topology, run)];
    yield ['migration.counts-differ', countsDiffer(migration, run.imported, { ...progress, pending })];
    yield ['clients.no-endpoint', noEndpoint(run, this.groupChatUsers(run, named))];
    for (const { finding, kind, title } of findings)
      if (kind === 'raised') yield [finding, { detail: title, count: 1, offenders: [subject.migration(migration)] }];
  }

  private groupChatUsers({ source, lookupUri }: KnownMigration, named: boolean) {
    // Where there is nothing to find nobody is counted.
    if (lookupUri !== null) return { count: 0, offenders: [] };
    if (named) return connectedUsers(this.topology, source);
    const connected = clientsOf(this.topology, source);
    return { count: clients.reduce((sum, client) => sum + connected[client], 0), offenders: [] };
  }

  private shown(about: Subject, facts: Facts): readonly Finding[] {
    const records = this.migrations.records(about);
    return Array.from(facts)
      .flatMap(([name, fact]) => {
        const definition = findingOf(name);
        return fact && definition ? [toFinding(about, definition, fact, records.get(name), this.instant)] : [];
      })
      .toSorted((a, b) => (a.finding < b.finding ? -1 : 1));
  }
}

/** After an import: what was there before it. */
function overwritten(target: string, migrations: MigrationsAt, migration: string): Fact {
  const { clashes: count, leftOut } = migrations.progress(migration);
  const detail = `names that were there in ${target} already, and what had them was overwritten: ${count - leftOut}${sayLeftOut(leftOut)}`;
  return count === 0 ? null : { detail, count, offenders: migrations.clashes(migration) };
}

/** How many findings are open on a deployment and on the run of which it is the source. */
export function openFindings(
  topology: TopologyAt,
  migrations: MigrationsAt,
  deployment: DeploymentRow,
  instant: string,
): Readonly<Record<Severity, number>> {
  const findings = new FindingsAt(topology, migrations, instant);
  const run = migrations.runOf(deployment.deployment);
  const ofRun = run ? findings.ofRun({ run }, false) : [];
  const open = [...findings.ofDeployment(deployment), ...ofRun].filter(({ status }) => status === 'open');
  const counted = (severity: Severity): number => open.filter((each) => each.severity === severity).length;
  return { error: counted('error'), warning: counted('warning'), info: counted('info') };
}
