import { Readable } from 'node:stream';
import { Controller, Get, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CommandDefinition, type FieldError, subject } from '#kernel';
import { type KnownPlan, PlanService } from '#plans';
import type { Sender } from '#runs';
import type { Views } from '#views';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { clientOf, idempotencyKeyOf } from '../http/request-context.js';
import { sendJson } from '../http/send-json.js';
import { VIEWS } from '../parts.js';
import { malformed, Problem } from '../problems/problem.js';
import { ShownRun } from '../runs/shown-run.js';
import { answerPlan } from './answer-plan.js';
import { generationsAt } from './generations.js';
import { readApply } from './read-apply.js';
import { commandOf, isObject, readPlan } from './read-plan.js';

/** Plans of commands for many users, and what is done with any plan (§6). Those of files come in where files do; the plans are views. */
export function plansController(commands: readonly CommandDefinition[]): Type {
  @Controller('api/plans')
  class PlansController {
    constructor(
      @Inject(PlanService) private readonly plans: PlanService,
      @Inject(ShownRun) private readonly shown: ShownRun,
      @Inject(Access) private readonly access: Access,
      @Inject(VIEWS) private readonly views: Views,
    ) {}

    @Post()
    async make(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const { body } = request;
      const { actor } = this.access.visitor(request);
      const { definition, error } = commandOf(commands, body);
      if (!definition) {
        await this.assertMay(request, 'MakePlan', 'operator');
        assertNoQuery(request);
        throw malformed(isObject(body) ? error : bodyIsNone);
      }
      await this.assertMay(request, `Plan${definition.name}`, definition.role);
      assertNoQuery(request);
      const { asked, errors } = readPlan(definition, body as Readonly<Record<string, unknown>>);
      if (errors) throw malformed(...errors);
      answerPlan(reply, await this.plans.forUsers(asked, senderOf(request, actor)), actor);
    }

    @Post(':plan/fresh')
    async again(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const { actor } = this.access.visitor(request);
      const sender = senderOf(request, actor);
      const plan = await this.known(request, sender);
      await this.assertMay(request, 'MakePlan', this.plans.roleOf(plan), plan);
      assertNoQuery(request);
      if (request.body !== undefined && !(isObject(request.body) && Object.keys(request.body).length === 0))
        throw malformed({ field: '', message: 'must be empty: the plan says what is asked for' });
      answerPlan(reply, await this.plans.again(plan, sender), actor);
    }

    @Post(':plan/apply')
    async apply(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const { actor } = this.access.visitor(request);
      const sender = senderOf(request, actor);
      const plan = await this.known(request, sender);
      await this.assertMay(request, 'ApplyPlan', this.plans.roleOf(plan), plan);
      assertNoQuery(request);
      const { asked: apply, errors } = readApply(request.body);
      if (errors) throw malformed(...errors);
      const { hash, words } = apply;
      const key = idempotencyKeyOf(request);
      const asked = key === undefined ? undefined : { key, body: request.body };
      const { run } = await this.plans.apply(plan, hash, { ...sender, words }, asked);
      reply.header('location', `/api/runs/${run}`);
      sendJson(reply, await this.shown.of({ run, kind: plan.kind, state: 'running' }), 202);
    }

    @Get(':plan/script')
    async script(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const { actor } = this.access.visitor(request);
      assertNoQuery(request);
      const plan = await this.known(request, senderOf(request, actor));
      const generationOf = await generationsAt(this.views, BigInt(plan.position));
      reply
        .header('content-type', 'text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="plan-${plan.plan}.ps1"`)
        .send(Readable.from(bytesOf(this.plans.script(plan, generationOf))));
    }

    private async known(request: FastifyRequest, sender: Sender): Promise<KnownPlan> {
      const { plan: id } = request.params as { plan: string };
      const plan = await this.plans.find(id.toLowerCase(), sender);
      if (!plan) throw new Problem('not-found', `the plan ${id.slice(0, 100)} is not known`);
      return plan;
    }

    private async assertMay(
      request: FastifyRequest,
      name: string,
      role: CommandDefinition['role'],
      known?: KnownPlan,
    ): Promise<void> {
      if (!this.access.visitor(request).actor.roles.includes(role))
        throw await this.access.deniedFile(request, name, role, known ? [subject.plan(known.plan)] : []);
    }
  }
  return PlansController;
}

const bodyIsNone: FieldError = { field: '', message: 'must be a JSON object with command, fields and for' };

function senderOf(request: FastifyRequest, actor: Sender['actor']): Sender {
  return { actor, correlationId: request.correlationId, client: clientOf(request) };
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void, undefined> {
  for await (const text of texts) if (text !== '') yield Buffer.from(text);
}
