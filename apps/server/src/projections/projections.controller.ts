import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Views } from '#views';
import { Access } from '../access/access.js';
import { assertNoQuery, queryOf, strayParameters } from '../http/query.js';
import { sendJson } from '../http/send-json.js';
import type { Logger } from '../operations/logger.js';
import { LOGGER, VIEWS } from '../parts.js';
import { malformed, Problem } from '../problems/problem.js';
import { projectionAnswer } from '../views/projections-view.js';
import { rebuildAnswer } from './rebuild-answer.js';

/** The name that stands for every projection. */
const all = 'all';

/** What an admin does with read models. It is not in the event log, which they are made from: a log line tells who did what. */
@Controller('api/projections/:projection')
export class ProjectionsController {
  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(Access) private readonly access: Access,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('rebuild')
  async rebuild(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const by = this.admin(request);
    const { asked, names } = this.named(request);
    const purpose = isComparison(request) ? 'compare' : 'swap';
    assertNoBody(request);
    const rebuild = await this.views.rebuild(names, { purpose, by });
    this.logger.info({ projection: asked, purpose, by: by.id }, 'a rebuild has begun');
    reply.header('location', `/api/projections/${asked}/rebuild`);
    sendJson(reply, shown(asked, rebuild.statuses().map(rebuildAnswer)), 202);
  }

  @Get('rebuild')
  lastRebuild(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.admin(request);
    const { asked, names } = this.named(request);
    assertNoQuery(request);
    const statuses = names.map((name) => this.views.rebuildOf(name)).filter((status) => status !== undefined);
    if (statuses.length === 0 && asked !== all)
      throw new Problem('not-found', `${asked} was not rebuilt since the server started`);
    sendJson(reply, shown(asked, statuses.map(rebuildAnswer)));
  }

  @Delete('rebuild')
  async cancel(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const by = this.admin(request);
    const { asked, names } = this.named(request);
    assertNoQuery(request);
    await this.views.cancelRebuild(names);
    this.logger.info({ projection: asked, by: by.id }, 'a rebuild was cancelled');
    const statuses = names.map((name) => this.views.rebuildOf(name)).filter((status) => status !== undefined);
    sendJson(reply, shown(asked, statuses.map(rebuildAnswer)));
  }

  @Post('retry')
  async retry(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const by = this.admin(request);
    const { asked, names } = this.named(request);
    assertNoQuery(request);
    assertNoBody(request);
    const retried = names.filter((name) => this.views.retry(name));
    if (retried.length === 0)
      throw new Problem(
        'conflict',
        asked === all ? 'no projection has failed' : `the projection ${asked} has not failed`,
      );
    this.logger.info({ projections: retried, by: by.id }, 'failed projections try again');
    const statuses = (await this.views.statuses()).filter(({ projection }) => retried.includes(projection));
    sendJson(reply, shown(asked, statuses.map(projectionAnswer)), 202);
  }

  private admin(request: FastifyRequest): { readonly id: string; readonly name: string } {
    const { id, name, roles } = this.access.visitor(request).actor;
    if (!roles.includes('admin')) throw this.access.forbidden(request, 'rebuilding takes the role admin');
    return { id, name };
  }

  private named({ params }: FastifyRequest): { readonly asked: string; readonly names: readonly string[] } {
    const { projection: asked } = params as { projection: string };
    const { names } = this.views;
    if (asked === all) return { asked, names };
    if (names.includes(asked)) return { asked, names: [asked] };
    throw new Problem(
      'not-found',
      `no projection is called ${asked}; there are ${names.join(', ')}, and all for all of them`,
    );
  }
}

/** One by itself, all as a list on one page. */
function shown(asked: string, items: readonly object[]): object {
  return asked === all ? { items, next: null, total: items.length } : (items[0] ?? {});
}

function isComparison({ raw }: FastifyRequest): boolean {
  const { given, errors } = queryOf(raw.url);
  const wrong = [...errors, ...strayParameters(given, ['compare'])];
  const compare = given.find(([name]) => name === 'compare')?.[1] ?? 'false';
  if (compare !== 'true' && compare !== 'false') wrong.push({ field: 'compare', message: 'must be true or false' });
  if (wrong.length > 0) throw malformed(...wrong);
  return compare === 'true';
}

function assertNoBody({ body }: FastifyRequest): void {
  const isEmpty = body == null || (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0);
  if (!isEmpty) throw malformed({ field: '', message: 'must be left out' });
}
