import {
  type Decision,
  type DeploymentId,
  type GenerationId,
  isLegacy,
  type PoolId,
  type Refusal,
  Refused,
  refusedBy,
} from '#kernel';
import type { DeploymentDecommissioned, PoolDecommissioned, Status } from '#topology';
import { type DeploymentFacts, type Gate, openGates, type PoolFacts, snapshotOf } from './gates.js';

/** What is decided without asking any gate: it is unknown, of the wrong kind (each told alone), or gone already. */
export function settled(
  id: string,
  state: { readonly generation: GenerationId; readonly status: Status } | null,
  unknown: Refusal,
): Decision<never> | undefined {
  if (!state) return new Refused([unknown]);
  if (!isLegacy(state.generation))
    return new Refused([
      {
        rule: 'decommission.not-legacy',
        detail: `${id} is ${state.generation}; only what is left behind is decommissioned`,
      },
    ]);
  return state.status === 'decommissioned' ? [] : undefined;
}

export function decommissionPool(
  pool: PoolId,
  { sealed, usersHomed: { count }, deploymentsHomed }: PoolFacts,
  gates: readonly Gate[],
): Decision<PoolDecommissioned> {
  const deployments = deploymentsHomed.offenders.map((subject) => subject.replace(/^deployment:/, ''));
  return (
    refusedBy(
      !sealed && notSealed(pool),
      count > 0 && {
        rule: 'decommission.users-homed',
        detail: `${count === 1 ? '1 user is' : `${count} users are`} homed on ${pool}; home every user elsewhere first`,
        count,
      },
      deploymentsHomed.count > 0 && {
        rule: 'decommission.deployments-homed',
        detail: `${deployments.join(', ')} homed on ${pool}: decommission or rehome first`,
        deployments,
      },
      gatesOpen(pool, gates),
    ) ?? [{ type: 'PoolDecommissioned', data: { pool, gates: snapshotOf(gates) } }]
  );
}

export function decommissionDeployment(
  deployment: DeploymentId,
  { sealed }: DeploymentFacts,
  gates: readonly Gate[],
): Decision<DeploymentDecommissioned> {
  return (
    refusedBy(!sealed && notSealed(deployment), gatesOpen(deployment, gates)) ?? [
      { type: 'DeploymentDecommissioned', data: { deployment, gates: snapshotOf(gates) } },
    ]
  );
}

const notSealed = (id: string): Refusal => ({
  rule: 'decommission.not-sealed',
  detail: `${id} is not sealed; seal it first, so that nothing new comes in`,
});

/** A refusal is kept for good: it names so many of what stands in the way of a gate, and the gate's view more. */
const offendersMax = 10;
const saidMax = 3;

function gatesOpen(id: string, gates: readonly Gate[]): Refusal | false {
  const names = openGates(gates);
  const open = gates.filter(({ gate }) => names.includes(gate));
  return (
    open.length > 0 && {
      rule: 'decommission.gates-open',
      detail: `gates of ${id} are open: ${open.map((gate) => said(gate, id)).join(', ')}`,
      gates: names,
      open: open.map(({ gate, count, offenders }) => ({ gate, count, offenders: offenders.slice(0, offendersMax) })),
    }
  );
}

/** `clients-gone (2: user:sip:alice@contoso.com, user:sip:bob@contoso.com)`; what it is itself in the way of is not said. */
function said({ gate, count, offenders }: Gate, id: string): string {
  const others = offenders.filter((offender) => !offender.endsWith(`:${id}`));
  if (others.length === 0) return gate;
  const more = count > saidMax ? ', …' : '';
  return `${gate} (${count}: ${others.slice(0, saidMax).join(', ')}${more})`;
}
