import { BaseCommand, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { deploymentStream, unsealDeployment } from './deployment.js';

export class UnsealDeployment extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;
}

export const unsealDeploymentCommand = defineCommand(UnsealDeployment, {
  summary: 'Unseal a deployment: it takes content again',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com' },
  subjects: ({ deployment }) => [subject.deployment(deployment)],
  handle: async ({ deployment }, tx) => {
    const stream = deploymentStream(deployment);
    return outcome(stream, unsealDeployment(await tx.load(stream), deployment));
  },
});
