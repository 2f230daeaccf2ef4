import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CommandShell } from '#event-log';
import { PlanService } from '#plans';
import { RunService } from '#runs';
import { Access, type Visitor } from './access/access.js';
import { SessionController } from './access/session.controller.js';
import { busEntry, type BusEntry } from './commands/command-messages.js';
import { commandsController } from './commands/commands.controller.js';
import { ConsoleBuild } from './console/console-build.js';
import { noSuchPageOf } from './console/console-fallback.js';
import { consoleController, consoleProviders, NoConsoleController } from './console/console.controller.js';
import { boundServer, createAdapter, readBodies, welcome } from './http/rim.js';
import { RouteBook } from './http/routes.js';
import { LiveController } from './live/live.controller.js';
import { LiveHub } from './live/live-hub.js';
import { DocsController, OpenApiText } from './openapi/docs.controller.js';
import { openApiDocument } from './openapi/document.js';
import { ownPaths } from './openapi/own-paths.js';
import { CarryOver } from './migrations/carry-over.js';
import { AppendWatch } from './operations/append-watch.js';
import { Metrics } from './operations/metrics.js';
import { nestLogger } from './operations/logger.js';
import { OperationsController } from './operations/operations.controller.js';
import { LOG, LOGGER, type Parts, VIEWS } from './parts.js';
import { plansController } from './plans/plans.controller.js';
import { Problem } from './problems/problem.js';
import { ProblemFilter } from './problems/problem-filter.js';
import { ProblemsController } from './problems/problems.controller.js';
import { ProjectionsController } from './projections/projections.controller.js';
import { SelfCheck } from './projections/self-check.js';
import { filePaths, filesController } from './runs/files.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { ShownRun } from './runs/shown-run.js';
import { allViews, ViewAnswers } from './views/view-answers.js';
import { viewsController } from './views/views.controller.js';

@Module({})
class AppModule {}

export interface App {
  readonly nest: NestFastifyApplication;
  /** From now on new requests are told to come back later. */
  readonly refuseNew: () => void;
}

/** The routes over these parts; not listening yet. */
export async function createApp(parts: Parts): Promise<App> {
  const consoleBuild = ConsoleBuild.open(fileURLToPath(new URL('../../../console', import.meta.url)));
  const noSuchPage = noSuchPageOf(consoleBuild);
  const adapter = createAdapter(noSuchPage);
  const instance = adapter.getInstance<FastifyInstance>();
  const routes = new RouteBook(instance);
  instance.decorate('failureLog', parts.logger);
  const doors = addHooks(instance, parts);
  // Where there is nothing, whatever is sent is not read: that there is nothing comes first.
  readBodies(instance, ({ routeOptions: { url } }) => url === undefined || takesFile(url));
  await instance.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    index: false,
    decorateReply: false,
    maxAge: '1h',
    allowedPath: (path) => /^\/swagger-ui(-bundle\.js|\.css)$/.test(path),
  });
  if (consoleBuild)
    await instance.register(fastifyStatic, {
      root: consoleBuild.assets,
      prefix: '/assets/',
      index: false,
      decorateReply: false,
      preCompressed: true,
      maxAge: '365d',
      immutable: true,
    });
  const nest = await NestFactory.create<NestFastifyApplication>(appModule(parts, consoleBuild), adapter, {
    logger: nestLogger(parts.logger),
    bodyParser: false,
    abortOnError: false,
  });
  nest.useGlobalFilters(new ProblemFilter(routes, noSuchPage));
  await nest.init();
  boundServer(nest);
  return { nest, refuseNew: doors.close };
}

function appModule(parts: Parts, consoleBuild: ConsoleBuild | undefined): DynamicModule {
  const { log, appends, views, shell, access, live, metrics, runs, plans, commands } = parts;
  const entries: readonly BusEntry[] = commands.map((definition) => busEntry(definition));
  const document = openApiDocument(commands, allViews, ownPaths);
  return {
    module: AppModule,
    imports: [CqrsModule.forRoot()],
    controllers: [
      commandsController(entries),
      viewsController(allViews),
      filesController(commands),
      plansController(commands),
      RunsController,
      ProjectionsController,
      SessionController,
      LiveController,
      OperationsController,
      DocsController,
      ProblemsController,
      consoleBuild ? consoleController() : NoConsoleController,
    ],
    providers: [
      ...entries.map(({ handler }) => handler),
      ...(consoleBuild ? consoleProviders(consoleBuild) : []),
      { provide: CommandShell, useValue: shell },
      { provide: Access, useValue: access },
      { provide: RunService, useValue: runs },
      { provide: PlanService, useValue: plans },
      ShownRun,
      { provide: CarryOver, useValue: parts.carryOver },
      { provide: LiveHub, useValue: live },
      { provide: Metrics, useValue: metrics },
      { provide: VIEWS, useValue: views },
      { provide: LOG, useValue: log },
      { provide: LOGGER, useValue: parts.logger },
      { provide: SelfCheck, useValue: parts.selfCheck },
      { provide: AppendWatch, useValue: appends },
      { provide: ViewAnswers, useValue: new ViewAnswers(views, log, (run) => runs.troubleOf(run)) },
      { provide: OpenApiText, useValue: new OpenApiText(JSON.stringify(document)) },
    ],
  };
}

/** What every request goes through, in this order: welcomed, turned away where the server stops, signed in where the route needs it. */
function addHooks(instance: FastifyInstance, { access, metrics, logger }: Parts): { readonly close: () => void } {
  let open = true;
  instance.decorateRequest('correlationId', '');
  instance.decorateRequest('visitor', null);
  instance.addHook('onRequest', (request, reply, done) => {
    done(welcome(request, reply) ?? (open ? undefined : stopping(reply)));
  });
  instance.addHook('onRequest', (request, _, done) => {
    if (!needsSignIn(request)) return done();
    const letIn = (visitor: Visitor): void => {
      request.visitor = visitor;
      done();
    };
    let visitor: Visitor | Promise<Visitor>;
    try {
      visitor = access.signIn(request);
    } catch (error) {
      return done(error as Error);
    }
    // Most tokens are in memory: no turn of the event loop is lost on them.
    if (visitor instanceof Promise) void visitor.then(letIn, done);
    else letIn(visitor);
  });
  instance.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request, reply);
    if (logger.isLevelEnabled('debug')) logger.debug(answered(request, reply), 'answered');
    done();
  });
  return { close: () => (open = false) };
}

function takesFile(url: string): boolean {
  return filePaths.some((path) => url.startsWith(path));
}

/** Every route under `/api` but the document and the ways in and out; what is not there is told to anybody. */
function needsSignIn({ routeOptions: { url }, method }: FastifyRequest): boolean {
  if (url === undefined || !url.startsWith('/api/') || url === '/api/openapi.json') return false;
  return url !== '/api/session' || method === 'GET' || method === 'HEAD';
}

function stopping(reply: FastifyReply): Problem {
  reply.header('connection', 'close');
  return new Problem('unavailable', 'the server is stopping', { retryAfterSeconds: 5 });
}

/** Neither the query nor any header: both may hold what is nobody's business. */
function answered(
  { correlationId, method, routeOptions, visitor }: FastifyRequest,
  { statusCode, elapsedTime }: FastifyReply,
): object {
  return {
    correlationId,
    method,
    route: routeOptions.url,
    status: statusCode,
    ms: elapsedTime,
    actor: visitor?.actor.id,
  };
}
