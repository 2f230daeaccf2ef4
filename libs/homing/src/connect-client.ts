import {
  BaseCommand,
  type ClientId,
  defineCommand,
  type DeploymentId,
  Is,
  outcome,
  type SipUri,
  subject,
  type Transaction,
  write,
} from '#kernel';
import { loadEffectivePolicy } from '#policy';
import { deploymentStream, poolStream } from '#topology';
import type { AccessFacts } from './access.js';
import { connectClient } from './connections.js';
import { type User, userStream } from './user.js';

export class ConnectClient extends BaseCommand {
  @Is.SipUri("the person's SIP address")
  readonly user!: SipUri;

  @Is.Client('the client that connects')
  readonly client!: ClientId;

  @Is.Deployment('the chat deployment it connects to')
  readonly deployment!: DeploymentId;
}

export const connectClientCommand = defineCommand(ConnectClient, {
  summary: "Connect a user's client to a deployment",
  role: 'operator',
  example: { user: 'sip:tacoma.pilot@contoso.com', client: 'lync-2013', deployment: 'chat13-tacoma.contoso.com' },
  subjects: ({ user, deployment }) => [subject.user(user), subject.deployment(deployment)],
  handle: async (command, tx) => {
    const stream = userStream(command.user);
    const guarded = deploymentStream(command.deployment);
    const user = await tx.load(stream);
    const deployment = await tx.load(guarded);
    const decision = connectClient(user, command, deployment, await loadReadiness(tx, user, command.client));
    if (!deployment?.closing) return outcome(stream, decision);
    const withdrawn = { type: 'DeploymentClosingWithdrawn', data: { deployment: deployment.deployment } } as const;
    return outcome(stream, decision, write(guarded, withdrawn));
  },
});

/** Home and policy gate the Lync 2013 client alone. */
async function loadReadiness(
  tx: Transaction,
  user: User,
  client: ClientId,
): Promise<Pick<AccessFacts, 'home' | 'effective'>> {
  if (client !== 'lync-2013' || !user || user.retired) return { home: null, effective: null };
  const home = user.pool === null ? null : await tx.load(poolStream(user.pool));
  return { home, effective: await loadEffectivePolicy(tx, user.granted, home?.site ?? null) };
}
