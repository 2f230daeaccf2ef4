import { Readable } from 'node:stream';
import { Controller, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommandShell } from '#event-log';
import type { Actor, CommandDefinition } from '#kernel';
import { PlanService } from '#plans';
import { RunService, type RunParameters } from '#runs';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { clientOf, idempotencyKeyOf } from '../http/request-context.js';
import { sendJson } from '../http/send-json.js';
import { malformed, Problem } from '../problems/problem.js';
import { answerPlan } from '../plans/answer-plan.js';
import { deploymentOf } from './deployment-parameter.js';
import { fileNameOf } from './file-name.js';
import { ShownRun } from './shown-run.js';

/** Where bodies are files: they are taken as the stream that they are. */
export const filePaths = ['/api/imports/', '/api/bulk/', '/api/plans/imports/', '/api/plans/bulk/'] as const;

/** A file that is sent to become a run of a kind. */
interface Sent {
  readonly kind: string;
  /** What the audit calls it. */
  readonly name: string;
  readonly role: CommandDefinition['role'];
  /** What its address says besides. @throws {Problem} */
  readonly parameters: (request: FastifyRequest, actor: Actor) => RunParameters | Promise<RunParameters>;
}

const noParameters = (request: FastifyRequest): RunParameters => {
  assertNoQuery(request);
  return {};
};

/** Files that become runs (§6), or are planned first: two routes per import, and two for the files of any of these commands. */
export function filesController(commands: readonly CommandDefinition[]): Type {
  const byPath = new Map(commands.map((definition) => [definition.path, definition]));

  @Controller('api')
  class FilesController {
    constructor(
      @Inject(RunService) private readonly runs: RunService,
      @Inject(PlanService) private readonly plans: PlanService,
      @Inject(ShownRun) private readonly shown: ShownRun,
      @Inject(Access) private readonly access: Access,
      @Inject(CommandShell) private readonly shell: CommandShell,
    ) {}

    @Post(['imports/users', 'plans/imports/users'])
    async importUsers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      await this.start(
        { kind: 'users', name: 'ImportUsers', role: 'operator', parameters: noParameters },
        request,
        reply,
      );
    }

    @Post(['imports/content', 'plans/imports/content'])
    async importContent(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const parameters = async (_: FastifyRequest, actor: Actor): Promise<RunParameters> => ({
        deployment: await deploymentOf(request, actor, this.shell),
      });
      await this.start({ kind: 'content', name: 'ImportContent', role: 'operator', parameters }, request, reply);
    }

    @Post(['bulk/:command', 'plans/bulk/:command'])
    async bulk(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const { command: path } = request.params as { command: string };
      const definition = byPath.get(path);
      if (!definition)
        throw new Problem('not-found', `there is no command ${path.slice(0, 100)}; /docs lists every one`);
      const { name, role, notInFiles } = definition;
      if (notInFiles !== undefined) throw new Problem('not-found', `there are no files of ${name}: ${notInFiles}`);
      await this.start({ kind: path, name: `Bulk${name}`, role, parameters: noParameters }, request, reply);
    }

    private async start(sent: Sent, request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { kind, name, role } = sent;
      const { actor } = this.access.visitor(request);
      if (!actor.roles.includes(role)) throw await this.access.deniedFile(request, name, role);
      const parameters = await sent.parameters(request, actor);
      const fileName = fileNameOf(request);
      if (!(request.body instanceof Readable)) throw malformed({ field: '', message: 'must be the file' });
      const { 'content-type': contentType, 'content-length': promised } = request.headers;
      const size = promised === undefined ? {} : { size: Number(promised) };
      const upload = {
        body: request.body,
        contentType,
        parameters,
        ...size,
        ...(fileName !== undefined && { name: fileName }),
      };
      const sender = { actor, correlationId: request.correlationId, client: clientOf(request) };
      if (request.routeOptions.url?.startsWith('/api/plans/'))
        return answerPlan(reply, await this.plans.forFile(kind, upload, sender), actor);
      const { run } = await this.runs.start(kind, upload, sender, idempotencyKeyOf(request));
      reply.header('location', `/api/runs/${run}`);
      sendJson(reply, await this.shown.of({ run, kind, state: 'running' }), 202);
    }
  }
  return FilesController;
}
