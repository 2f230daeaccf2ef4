import { BaseCommand, defineCommand, type DeploymentId, Is, outcome, subject } from '#kernel';
import { deploymentStream, sealDeployment } from './deployment.js';

export class SealDeployment extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;
}

export const sealDeploymentCommand = defineCommand(SealDeployment, {
  summary: 'Seal a deployment: it takes no content from now on',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com' },
  moreExamples: { legacy: { deployment: 'gchat10-tacoma.contoso.com' } },
  subjects: ({ deployment }) => [subject.deployment(deployment)],
  handle: async ({ deployment }, tx) => {
    const stream = deploymentStream(deployment);
    return outcome(stream, sealDeployment(await tx.load(stream), deployment));
  },
});
