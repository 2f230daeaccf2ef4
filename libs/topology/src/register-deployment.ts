import {
  BaseCommand,
  defineCommand,
  type DeploymentId,
  type GenerationId,
  Is,
  outcome,
  type PoolId,
  subject,
} from '#kernel';
import { deploymentStream, registerDeployment } from './deployment.js';
import { poolStream } from './pool.js';

export class RegisterDeployment extends BaseCommand {
  @Is.Deployment('FQDN of the chat pool')
  readonly deployment!: DeploymentId;

  @Is.Generation('the product generation it runs')
  readonly generation!: GenerationId;

  @Is.Pool('the Front End pool it is homed on, of its own generation')
  readonly homedOn!: PoolId;

  @Is.Name('a name for people; where absent there is none, and a deployment registered before keeps its own', {
    optional: true,
  })
  readonly name?: string;
}

export const registerDeploymentCommand = defineCommand(RegisterDeployment, {
  summary: 'Register a chat deployment',
  role: 'operator',
  example: {
    deployment: 'chat13-tacoma.contoso.com',
    generation: 'lync-2013',
    homedOn: 'pool13-tacoma.contoso.com',
    name: 'Tacoma pilot',
  },
  moreExamples: {
    legacy: { deployment: 'gchat10-tacoma.contoso.com', generation: 'lync-2010', homedOn: 'lync10-tacoma.contoso.com' },
  },
  subjects: ({ deployment, homedOn }) => [subject.deployment(deployment), subject.pool(homedOn)],
  handle: async (command, tx) => {
    const stream = deploymentStream(command.deployment);
    return outcome(
      stream,
      registerDeployment(await tx.load(stream), command, await tx.load(poolStream(command.homedOn))),
    );
  },
});
