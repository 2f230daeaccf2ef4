import { Readable } from 'node:stream';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BaseCommand, subject, validateCommand } from '#kernel';
import { jsonLinesMediaType, type RunActionName, runActions, RunService } from '#runs';
import { Access } from '../access/access.js';
import { assertNoQuery } from '../http/query.js';
import { clientOf } from '../http/request-context.js';
import { sendJson } from '../http/send-json.js';
import { malformed, Problem } from '../problems/problem.js';
import { ShownRun } from './shown-run.js';

/** Why something is done with a run: its body, which may be left out. */
export class RunWords extends BaseCommand {}

const actions = Object.keys(runActions) as readonly RunActionName[];

/** What is done with runs, and what comes back from them beside their views. */
@Controller('api/runs/:run')
export class RunsController {
  constructor(
    @Inject(RunService) private readonly runs: RunService,
    @Inject(ShownRun) private readonly shown: ShownRun,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Get('failed.csv')
  async failed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.access.visitor(request);
    assertNoQuery(request);
    const { run } = request.params as { run: string };
    const file = await this.runs.failedFile(run);
    if (!file) throw new Problem('not-found', 'there is no such run, or its file is gone');
    const [type, extension] = file.form === 'csv' ? ['text/csv', 'csv'] : [jsonLinesMediaType, 'jsonl'];
    reply
      .header('content-type', `${type}; charset=${file.encoding}`)
      .header('content-disposition', `attachment; filename="failed-${run}.${extension}"`)
      .send(Readable.from(file.pieces));
  }

  @Post([...actions])
  async act(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const action = actions.find((each) => request.routeOptions.url?.endsWith(`/${each}`));
    if (!action) throw new Problem('not-found', 'there is no such thing to do with a run');
    const name = runActions[action].command;
    const { actor } = this.access.visitor(request);
    const { run } = request.params as { run: string };
    const state = await this.runs.stateOf(run);
    const role = (state && this.runs.kindOf(state)?.role) ?? 'operator';
    // Whoever may send a file may do anything with its run; any operator may hold one up. To retry is to send its rows, and so is to resume
    // a run whose own sender may act no more.
    const sendsRows =
      action === 'retry' || (action === 'resume' && state && (await this.runs.endedRights(state)) !== undefined);
    const may = actor.roles.includes(role) || (!sendsRows && actor.roles.includes('operator'));
    if (!may) throw await this.access.deniedFile(request, name, role, state ? [subject.run(state.run)] : []);
    assertNoQuery(request);
    const validated = validateCommand({ command: RunWords, name }, request.body ?? {});
    if (validated.errors) throw malformed(...validated.errors);
    const { reason = null, ticket = null } = validated.command;
    const sender = { actor, correlationId: request.correlationId, client: clientOf(request) };
    await this.runs.act(action, run, { ...sender, words: { reason, ticket } });
    const now = await this.runs.stateOf(run);
    sendJson(reply, await this.shown.of({ run, kind: now?.kind ?? '', state: now?.state ?? '' }));
  }
}
