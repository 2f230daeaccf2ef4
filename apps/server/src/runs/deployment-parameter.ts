import type { FastifyRequest } from 'fastify';
import type { CommandShell } from '#event-log';
import { type Actor, parseFqdn } from '#kernel';
import { deploymentStream, unknownDeployment } from '#topology';
import { queryOf, strayParameters } from '../http/query.js';
import { malformed, Problem } from '../problems/problem.js';

const name = 'deployment';

/** The deployment that a file of content is sent for: `?deployment=`. @throws {Problem} where it is malformed, or none is called so */
export async function deploymentOf({ raw }: FastifyRequest, actor: Actor, shell: CommandShell): Promise<string> {
  const { given, errors } = queryOf(raw.url);
  const stray = [...errors, ...strayParameters(given, [name])];
  const asked = given.find(([each]) => each === name)?.[1];
  const parsed = asked === undefined ? undefined : parseFqdn(asked);
  if (!parsed) stray.push({ field: name, message: 'must name the deployment whose content the file holds' });
  else if (parsed.problem !== undefined) stray.push({ field: name, message: parsed.problem });
  if (stray.length > 0 || !parsed || parsed.problem !== undefined) throw malformed(...stray);
  if (!(await shell.begin(actor, false).load(deploymentStream(parsed.value))))
    throw new Problem('not-found', unknownDeployment(parsed.value).detail);
  return parsed.value;
}
