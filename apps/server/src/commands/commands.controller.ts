import { Controller, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CommandDefinition, type FieldError, validateCommand } from '#kernel';
import { Access } from '../access/access.js';
import { queryOf, strayParameters } from '../http/query.js';
import { clientOf, idempotencyKeyOf } from '../http/request-context.js';
import { Metrics } from '../operations/metrics.js';
import { malformed, Problem } from '../problems/problem.js';
import type { BusEntry } from './command-messages.js';
import { sendAnswer } from './send-answer.js';

/** `POST /api/commands/:name`, for all of them. */
export function commandsController(entries: readonly BusEntry[]): Type {
  const byPath = new Map(entries.map((entry) => [entry.definition.path, entry]));

  @Controller('api/commands')
  class CommandsController {
    constructor(
      @Inject(CommandBus) private readonly bus: CommandBus,
      @Inject(Access) private readonly access: Access,
      @Inject(Metrics) private readonly metrics: Metrics,
    ) {}

    @Post(':name')
    async send(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const startedAt = performance.now();
      const { name } = request.params as { name: string };
      const entry = byPath.get(name);
      if (!entry) throw new Problem('not-found', `there is no command ${name.slice(0, 100)}; /docs lists every one`);
      const { definition } = entry;
      const { plan, errors } = planOf(request.raw.url);
      const { actor } = this.access.visitor(request);
      if (!actor.roles.includes(definition.role)) {
        this.metrics.command(definition.name, 'denied', startedAt);
        throw await this.access.deniedCommand(request, definition, plan);
      }
      const { command } = this.validated(definition, request.body, errors);
      const key = idempotencyKeyOf(request);
      const context = {
        actor,
        correlationId: request.correlationId,
        client: clientOf(request),
        ...(key !== undefined && !plan && { key: { key, body: request.body } }),
      };
      const answer = await this.bus.execute(new entry.message(command, context, plan));
      if (!plan) this.metrics.command(definition.name, answer.outcome, startedAt);
      sendAnswer(reply, answer, plan);
    }

    private validated(definition: CommandDefinition, body: unknown, errors: readonly FieldError[]) {
      const validated = validateCommand(definition, body);
      if (validated.errors || errors.length > 0) {
        this.metrics.commandMalformed(definition.name);
        throw malformed(...errors, ...(validated.errors ?? []));
      }
      return validated;
    }
  }
  return CommandsController;
}

function planOf(url: string | undefined): { readonly plan: boolean; readonly errors: readonly FieldError[] } {
  const { given, errors } = queryOf(url);
  if (given.length === 0) return { plan: false, errors };
  const stray = strayParameters(given, ['plan']);
  const plan = given.find(([name]) => name === 'plan')?.[1];
  const wrong =
    plan === undefined || plan === 'true' ? [] : [{ field: 'plan', message: 'must be true, or not be there' }];
  return { plan: plan === 'true', errors: [...errors, ...stray, ...wrong] };
}
