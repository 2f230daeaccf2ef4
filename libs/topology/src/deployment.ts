import {
  type Decision,
  describeEvents,
  type DeploymentId,
  type DomainEvent,
  type GenerationId,
  isLegacy,
  neverEvent,
  type PoolId,
  type Refusal,
  Refused,
  refusedBy,
  type SipUri,
  type StreamRef,
  streamOf,
  type StreamType,
  subject,
} from '#kernel';
import type { Endpoint } from './endpoint.js';
import type { GateSnapshot } from './gate-snapshot.js';
import { type Pool, poolTakesNone, type Status } from './pool.js';

interface Named {
  readonly deployment: DeploymentId;
}
export type DeploymentRegistered = DomainEvent<
  'DeploymentRegistered',
  Named & { readonly generation: GenerationId; readonly homedOn: PoolId; readonly name?: string }
>;
export type DeploymentRehomed = DomainEvent<
  'DeploymentRehomed',
  Named & { readonly from: PoolId; readonly to: PoolId }
>;
export type DeploymentSealed = DomainEvent<'DeploymentSealed', Named>;
export type DeploymentUnsealed = DomainEvent<'DeploymentUnsealed', Named>;
export type LegacyEndpointAdded = DomainEvent<'LegacyEndpointAdded', Named & { readonly uri: SipUri }>;
export type LegacyEndpointRemoved = DomainEvent<'LegacyEndpointRemoved', Named & { readonly uri: SipUri }>;
/** The door before a decommissioning: who connects from now on takes it back in the append that connects. */
export type DeploymentClosingBegun = DomainEvent<'DeploymentClosingBegun', Named>;
export type DeploymentClosingWithdrawn = DomainEvent<'DeploymentClosingWithdrawn', Named>;
export type DeploymentDecommissioned = DomainEvent<
  'DeploymentDecommissioned',
  Named & { readonly gates: readonly GateSnapshot[] }
>;
export type DeploymentEvent =
  | DeploymentRegistered
  | DeploymentRehomed
  | DeploymentSealed
  | DeploymentUnsealed
  | LegacyEndpointAdded
  | LegacyEndpointRemoved
  | DeploymentClosingBegun
  | DeploymentClosingWithdrawn
  | DeploymentDecommissioned;

const itself = ({ deployment }: Named) => [subject.deployment(deployment)];

export const deploymentEvents = describeEvents<DeploymentEvent>({
  DeploymentRegistered: {
    schemaVersion: 1,
    subjects: ({ deployment, homedOn }) => [subject.deployment(deployment), subject.pool(homedOn)],
    say: ({ deployment, generation, homedOn }) => `registered the ${generation} deployment ${deployment} on ${homedOn}`,
  },
  DeploymentRehomed: {
    schemaVersion: 1,
    subjects: ({ deployment, from, to }) => [subject.deployment(deployment), subject.pool(to), subject.pool(from)],
    say: ({ deployment, from, to }) => `homed the deployment ${deployment} on ${to} (was ${from})`,
  },
  DeploymentSealed: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment }) => `sealed the deployment ${deployment}`,
  },
  DeploymentUnsealed: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment }) => `unsealed the deployment ${deployment}`,
  },
  LegacyEndpointAdded: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment, uri }) => `added the legacy endpoint ${uri} to ${deployment}`,
  },
  LegacyEndpointRemoved: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment, uri }) => `removed the legacy endpoint ${uri} from ${deployment}`,
  },
  DeploymentClosingBegun: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment }) => `began to close ${deployment}`,
    internal: true,
  },
  DeploymentClosingWithdrawn: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment }) => `no longer closes ${deployment}`,
    internal: true,
  },
  DeploymentDecommissioned: {
    schemaVersion: 1,
    subjects: itself,
    say: ({ deployment }) => `decommissioned the deployment ${deployment}`,
  },
});

/** A Group Chat or Persistent Chat pool; null while unknown. */
export type Deployment = {
  readonly deployment: DeploymentId;
  readonly generation: GenerationId;
  readonly homedOn: PoolId;
  readonly name: string | null;
  readonly status: Status;
  readonly legacyEndpoints: readonly SipUri[];
  /** The door is shut: a decommissioning is being decided. */
  readonly closing: boolean;
} | null;

const deployments: StreamType<Deployment, DeploymentEvent> = {
  category: 'deployment',
  initial: null,
  evolve: (state, event) => {
    if (event.type === 'DeploymentRegistered') {
      const { deployment, generation, homedOn, name = null } = event.data;
      return { deployment, generation, homedOn, name, status: 'active', legacyEndpoints: [], closing: false };
    }
    if (!state) return null;
    switch (event.type) {
      case 'DeploymentRehomed':
        return { ...state, homedOn: event.data.to };
      case 'DeploymentSealed':
        return { ...state, status: 'sealed' };
      case 'DeploymentUnsealed':
        return { ...state, status: 'active' };
      case 'LegacyEndpointAdded':
        return { ...state, legacyEndpoints: [...state.legacyEndpoints, event.data.uri] };
      case 'LegacyEndpointRemoved':
        return { ...state, legacyEndpoints: state.legacyEndpoints.filter((uri) => uri !== event.data.uri) };
      case 'DeploymentClosingBegun':
        return { ...state, closing: true };
      case 'DeploymentClosingWithdrawn':
        return { ...state, closing: false };
      case 'DeploymentDecommissioned':
        return { ...state, status: 'decommissioned', closing: false };
      default:
        return neverEvent(event);
    }
  },
};

export const deploymentStream = (deployment: string): StreamRef<Deployment, DeploymentEvent> =>
  streamOf(deployments, deployment);

export const unknownDeployment = (deployment: string): Refusal => ({
  rule: 'topology.unknown-deployment',
  detail: `the deployment ${deployment} is not registered; register it first`,
});

/** Why nothing can be done with a deployment, where nothing can. */
export function deploymentIsGone(
  deployment: string,
  state: Pick<NonNullable<Deployment>, 'status'> | null,
): Refusal | undefined {
  if (!state) return unknownDeployment(deployment);
  return state.status === 'decommissioned'
    ? { rule: 'topology.deployment-decommissioned', detail: `the deployment ${deployment} is decommissioned` }
    : undefined;
}

function generationMismatch(deployment: string, generation: GenerationId | undefined, pool: Pool): Refusal | undefined {
  if (!pool || generation === undefined || pool.generation === generation) return undefined;
  return {
    rule: 'topology.generation-mismatch',
    detail: `${deployment} is ${generation} and ${pool.pool} is ${pool.generation}; a deployment is homed on a pool of its own generation`,
  };
}

/** Where it is homed already a sealed pool need not take it; a decommissioned one is told all the same. */
function staysOn(state: Deployment, homedOn: PoolId, pool: Pool): boolean {
  return state?.homedOn === homedOn && pool?.status === 'sealed';
}

/** A name that is not given leaves a known deployment's alone. */
export function registerDeployment(
  state: Deployment,
  wanted: {
    readonly deployment: DeploymentId;
    readonly generation: GenerationId;
    readonly homedOn: PoolId;
    readonly name?: string;
  },
  pool: Pool,
): Decision<DeploymentEvent> {
  const { deployment, generation, homedOn, name } = wanted;
  // That it is on another pool would only follow from the wanted pool being unknown.
  const otherwise =
    state &&
    (state.generation !== generation ||
      (name !== undefined && state.name !== name) ||
      (pool && state.homedOn !== homedOn));
  const refused = refusedBy(
    !staysOn(state, homedOn, pool) && poolTakesNone(homedOn, pool),
    generationMismatch(deployment, generation, pool),
    otherwise && {
      rule: 'topology.registered-otherwise',
      detail: `${deployment} is registered as ${state.generation} on ${state.homedOn}${state.name === null ? ' without a name' : `, named ${state.name}`}`,
    },
  );
  if (refused) return refused;
  if (state) return [];
  return [
    {
      type: 'DeploymentRegistered',
      data: { deployment, generation, homedOn, ...(name === undefined ? {} : { name }) },
    },
  ];
}

export function rehomeDeployment(
  state: Deployment,
  wanted: { readonly deployment: DeploymentId; readonly homedOn: PoolId },
  pool: Pool,
): Decision<DeploymentEvent> {
  const { deployment, homedOn } = wanted;
  const refused = refusedBy(
    deploymentIsGone(deployment, state),
    !staysOn(state, homedOn, pool) && poolTakesNone(homedOn, pool),
    generationMismatch(deployment, state?.generation, pool),
  );
  if (refused) return refused;
  if (!state || state.homedOn === homedOn) return [];
  return [{ type: 'DeploymentRehomed', data: { deployment, from: state.homedOn, to: homedOn } }];
}

export function sealDeployment(state: Deployment, deployment: DeploymentId): Decision<DeploymentEvent> {
  return changeStatus(state, deployment, 'sealed', { type: 'DeploymentSealed', data: { deployment } });
}

export function unsealDeployment(state: Deployment, deployment: DeploymentId): Decision<DeploymentEvent> {
  return changeStatus(state, deployment, 'active', { type: 'DeploymentUnsealed', data: { deployment } });
}

function changeStatus(
  state: Deployment,
  deployment: DeploymentId,
  status: Status,
  event: DeploymentEvent,
): Decision<DeploymentEvent> {
  const gone = deploymentIsGone(deployment, state);
  if (gone) return new Refused([gone]);
  return state?.status === status ? [] : [event];
}

interface EndpointOf {
  readonly deployment: DeploymentId;
  readonly uri: SipUri;
}

export function addLegacyEndpoint(
  state: Deployment,
  { deployment, uri }: EndpointOf,
  endpoint: Endpoint,
): Decision<DeploymentEvent> {
  const isThere = endpoint.deployment === deployment;
  const [knowing] = endpoint.lookupAccountOf;
  const refused = refusedBy(
    deploymentIsGone(deployment, state),
    state &&
      isLegacy(state.generation) && {
        rule: 'topology.not-persistent-chat',
        detail: `${deployment} is ${state.generation}; only a Persistent Chat deployment has legacy endpoints`,
      },
    endpoint.deployment !== null &&
      endpoint.deployment !== deployment && {
        rule: 'endpoint.exists',
        detail: `${uri} is a legacy endpoint of ${endpoint.deployment}; remove it there first`,
      },
    !isThere &&
      knowing !== undefined && {
        rule: 'endpoint.lookup-account-exists',
        detail: `for the migration ${knowing} the lookup account ${uri} is still there; delete it first`,
        migration: knowing,
      },
  );
  if (refused) return refused;
  return isThere ? [] : [{ type: 'LegacyEndpointAdded', data: { deployment, uri } }];
}

export function removeLegacyEndpoint(state: Deployment, { deployment, uri }: EndpointOf): Decision<DeploymentEvent> {
  return (
    refusedBy(
      deploymentIsGone(deployment, state),
      state &&
        !state.legacyEndpoints.includes(uri) && {
          rule: 'endpoint.unknown',
          detail: `${uri} is no legacy endpoint of ${deployment}`,
        },
    ) ?? [{ type: 'LegacyEndpointRemoved', data: { deployment, uri } }]
  );
}
