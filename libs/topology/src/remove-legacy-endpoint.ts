import { BaseCommand, defineCommand, type DeploymentId, Is, outcome, type SipUri, subject, write } from '#kernel';
import { deploymentStream, removeLegacyEndpoint } from './deployment.js';
import { endpointStream } from './endpoint.js';

export class RemoveLegacyEndpoint extends BaseCommand {
  @Is.Deployment('FQDN of the Persistent Chat pool')
  readonly deployment!: DeploymentId;

  @Is.SipUri("the endpoint's URI")
  readonly uri!: SipUri;
}

export const removeLegacyEndpointCommand = defineCommand(RemoveLegacyEndpoint, {
  summary: 'Remove a legacy endpoint',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', uri: 'sip:groupchat-tacoma@contoso.com' },
  subjects: ({ deployment }) => [subject.deployment(deployment)],
  handle: async ({ deployment, uri }, tx) => {
    const stream = deploymentStream(deployment);
    const decision = removeLegacyEndpoint(await tx.load(stream), { deployment, uri });
    return outcome(
      stream,
      decision,
      write(endpointStream(uri), { type: 'EndpointReleased', data: { uri, deployment } }),
    );
  },
});
