import { Controller, Get, Inject, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../access/access.js';
import { sendJson } from '../http/send-json.js';
import { Problem } from '../problems/problem.js';
import { ViewAnswers } from './view-answers.js';
import { readViewRequest, type ViewRequest } from './view-request.js';
import type { AnyView } from './any-view.js';

/** One route per view, all answered in the same way. */
export function viewsController(definitions: readonly AnyView[]): Type {
  const byPath = new Map(definitions.map((definition) => [definition.path, definition]));

  @Controller()
  class ViewsController {
    constructor(
      @Inject(ViewAnswers) private readonly answers: ViewAnswers,
      @Inject(Access) private readonly access: Access,
    ) {}

    @Get([...byPath.keys()])
    async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
      const definition = byPath.get(request.routeOptions.url ?? '');
      if (!definition) throw new Problem('not-found', 'there is no such view');
      const { actor } = this.access.visitor(request);
      if (definition.roles && !definition.roles.some((role) => actor.roles.includes(role)))
        throw this.access.forbidden(request, `${definition.path} is for ${definition.roles.join(' and ')}`);
      const asked = readViewRequest(definition, request.params as Record<string, string>, request.raw.url);
      const { position, body } = await this.answers.query(definition.path, { ...asked, roles: actor.roles });
      reply.header('log-position', `${position}`);
      if (body === undefined)
        throw new Problem('not-found', `${unknown(definition, asked.input)} (as of position ${position})`);
      if (definition.file) sendText(reply, definition.file, asked.input, body as { readonly text: string });
      else sendJson(reply, body);
    }
  }
  return ViewsController;
}

function sendText(
  reply: FastifyReply,
  { media, name }: NonNullable<AnyView['file']>,
  input: ViewRequest['input'],
  { text }: { readonly text: string },
): void {
  reply
    .header('content-type', `${media}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${name(input)}"`)
    .send(text);
}

function unknown({ path, unknown: told }: AnyView, input: ViewRequest['input']): string {
  const [, kind = ''] = /:(\w+)/.exec(path) ?? [];
  const id = String(input[kind]);
  return told ? told(id) : `the ${kind} ${id} is not known`;
}
