import {
  BaseCommand,
  defineCommand,
  type DeploymentId,
  Is,
  outcome,
  Prepared,
  Refused,
  subject,
  type Transaction,
  write,
} from '#kernel';
import { contentStream, holdsContent } from '#content';
import { migratingStream, migrationStream, roomsUnaccounted } from '#migration';
import { deploymentStream, unknownDeployment } from '#topology';
import { decommissionDeployment, settled } from './decommissioning.js';
import { gatesStream } from './gate-records.js';
import { type DeploymentFacts, deploymentGates, gatesOf } from './gates.js';

export class DecommissionDeployment extends BaseCommand {
  @Is.Deployment('FQDN of the legacy chat pool')
  readonly deployment!: DeploymentId;
}

export const decommissionDeploymentCommand = defineCommand(DecommissionDeployment, {
  summary: 'Decommission a legacy deployment',
  role: 'approver',
  example: { deployment: 'gchat10-tacoma.contoso.com' },
  subjects: ({ deployment }) => [subject.deployment(deployment)],
  handle: async ({ deployment }, tx) => {
    const stream = deploymentStream(deployment);
    const state = await tx.load(stream);
    const early = settled(deployment, state, unknownDeployment(deployment));
    if (early || !state) return outcome(stream, early ?? []);
    const records = await tx.load(gatesStream(subject.deployment(deployment)));
    const facts = await factsOf(tx, deployment, state.status === 'sealed');
    const decision = decommissionDeployment(deployment, facts, gatesOf(deploymentGates, facts, records, tx.now));
    // The door: who connects after it withdraws it, so a count taken behind it can only have fallen.
    if (decision instanceof Refused)
      return state.closing
        ? new Refused(decision.refusals, [write(stream, { type: 'DeploymentClosingWithdrawn', data: { deployment } })])
        : decision;
    if (!state.closing && !tx.planning)
      return new Prepared([write(stream, { type: 'DeploymentClosingBegun', data: { deployment } })]);
    return outcome(stream, decision);
  },
});

async function factsOf(tx: Transaction, deployment: DeploymentId, sealed: boolean): Promise<DeploymentFacts> {
  const content = await tx.load(contentStream(deployment));
  const { run: id } = await tx.load(migratingStream(deployment));
  const run = id === null ? null : await tx.load(migrationStream(id));
  const carried = run && (await tx.load(contentStream(run.target))).carriedIn.get(run.migration);
  return {
    deployment,
    sealed,
    holdsContent: holdsContent(content),
    migrationCompleted: run?.closed === 'completed',
    roomsUnaccounted: roomsUnaccounted(deployment, content, carried ?? undefined),
    clientsConnected: await tx.counting.clientsConnected(deployment),
  };
}
