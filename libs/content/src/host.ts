import { type Decision, type DomainEvent, type Refusal, Refused, type Transaction } from '#kernel';
import { type Deployment, deploymentIsGone, deploymentStream } from '#topology';
import { contentStream } from './content.js';

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
