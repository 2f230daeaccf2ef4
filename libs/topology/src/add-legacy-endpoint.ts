import { BaseCommand, defineCommand, type DeploymentId, Is, outcome, type SipUri, subject, write } from '#kernel';
import { addLegacyEndpoint, deploymentStream } from './deployment.js';
import { endpointStream } from './endpoint.js';

export class AddLegacyEndpoint extends BaseCommand {
  @Is.Deployment('FQDN of the Persistent Chat pool')
  readonly deployment!: DeploymentId;

  @Is.SipUri('the URI that Group Chat clients are configured for')
  readonly uri!: SipUri;
}

export const addLegacyEndpointCommand = defineCommand(AddLegacyEndpoint, {
  summary: 'Add a legacy endpoint, through which Group Chat clients reach a Persistent Chat deployment',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', uri: 'sip:groupchat-tacoma@contoso.com' },
  subjects: ({ deployment }) => [subject.deployment(deployment)],
  handle: async ({ deployment, uri }, tx) => {
    const stream = deploymentStream(deployment);
    const reservation = endpointStream(uri);
    const decision = addLegacyEndpoint(await tx.load(stream), { deployment, uri }, await tx.load(reservation));
    return outcome(stream, decision, write(reservation, { type: 'EndpointReserved', data: { uri, deployment } }));
  },
});
