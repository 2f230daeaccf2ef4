import { BaseCommand, defineCommand, type DeploymentId, Is, outcome, type PoolId, subject } from '#kernel';
import { deploymentStream, rehomeDeployment } from './deployment.js';
import { poolStream } from './pool.js';

export class RehomeDeployment extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.Pool('the Front End pool to home it on, of its own generation')
  readonly homedOn!: PoolId;
}

export const rehomeDeploymentCommand = defineCommand(RehomeDeployment, {
  summary: 'Home a chat deployment on another pool',
  role: 'operator',
  example: { deployment: 'chat13-tacoma.contoso.com', homedOn: 'pool13-tacoma.contoso.com' },
  subjects: ({ deployment, homedOn }) => [subject.deployment(deployment), subject.pool(homedOn)],
  handle: async (command, tx) => {
    const stream = deploymentStream(command.deployment);
    return outcome(
      stream,
      rehomeDeployment(await tx.load(stream), command, await tx.load(poolStream(command.homedOn))),
    );
  },
});
