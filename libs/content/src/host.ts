import { type Refusal, Refused, type Transaction } from '#kernel';
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

/** Where nothing can be done with any content; told alone. */
export function unavailable({ deployment, state }: Host): Refused | undefined {
  const gone = deploymentIsGone(deployment, state);
  return gone && new Refused([gone]);
}

export function sealed({ deployment, state }: Host): Refusal | false {
  return (
    state?.status === 'sealed' && {
      rule: 'topology.deployment-sealed',
      detail: `the deployment ${deployment} is sealed: it is being emptied and takes no content`,
    }
  );
}
