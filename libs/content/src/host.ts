import {
  type Accepted,
  type Decision,
  type DeploymentId,
  type DomainEvent,
  outcome,
  type Refusal,
  Refused,
  type Transaction,
} from '#kernel';
import { type Deployment, deploymentIsGone, deploymentStream } from '#topology';
import { type ContentEvent, contentStream } from './content.js';
import type { Content } from './inventory.js';

/** The deployment that holds the content; its name is there also where it is unknown. */
export interface Host {
  readonly deployment: string;
  readonly state: Pick<NonNullable<Deployment>, 'generation' | 'status'> | null;
}

/** Reads a deployment and its content. */
export async function open(tx: Transaction, deployment: string) {
  const stream = contentStream(deployment);
  const host: Host = { deployment, state: await tx.load(deploymentStream(deployment)) };
  return { stream, host, content: await tx.load(stream) };
}

/** The handler of a command that a deployment and its content alone decide. */
export function decidedBy<C extends { readonly deployment: DeploymentId }>(
  decide: (content: Content, host: Host, command: C) => Decision<ContentEvent>,
): (command: C, tx: Transaction) => Promise<Accepted | Refused> {
  return async (command, tx) => {
    const { stream, host, content } = await open(tx, command.deployment);
    return outcome(stream, decide(content, host, command));
  };
}

/**
 * What is decided about a host's content. That the host is unknown is told alone: it has no content that a rule could be about. That it is
 * decommissioned is told beside every other rule that says no, and wins over unchanged.
 */
export function decideIn<E extends DomainEvent>(host: Host, decide: () => Decision<E>): Decision<E> {
  const gone = deploymentIsGone(host.deployment, host.state);
  if (!gone) return decide();
  const decision = host.state ? decide() : [];
  return new Refused([gone, ...(decision instanceof Refused ? decision.refusals : [])]);
}

export function sealed({ deployment, state }: Host): Refusal | false {
  return (
    state?.status === 'sealed' && {
      rule: 'topology.deployment-sealed',
      detail: `the deployment ${deployment} is sealed: it is being emptied and takes no content`,
    }
  );
}
