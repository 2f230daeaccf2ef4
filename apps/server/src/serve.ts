import { beforeFirst, CommandShell } from '#event-log';
import type { Context } from '#kernel';
import { PlanService, plansOfRuns } from '#plans';
import { RunService } from '#runs';
import { openViews } from '#views';
import { Access } from './access/access.js';
import { issueFirstToken } from './access/first-token.js';
import { SessionCookies } from './access/session-cookie.js';
import { type App, createApp } from './app.js';
import { catalogueOf, commandsOf, contexts as allContexts } from './contexts.js';
import { markingDenied } from './live/denied-subjects.js';
import { LiveHub } from './live/live-hub.js';
import { openLog } from './log/open-log.js';
import { CarryOver } from './migrations/carry-over.js';
import { AppendWatch } from './operations/append-watch.js';
import type { Logger } from './operations/logger.js';
import { Metrics } from './operations/metrics.js';
import { SelfCheck } from './projections/self-check.js';
import { SelfCheckFile } from './projections/self-check-file.js';
import { usersPassing } from './plans/users-passing.js';
import { kindsOfRuns } from './runs/kinds-of-runs.js';
import { registeredPools } from './runs/registered-pools.js';
import { endedRights } from './runs/sender-rights.js';
import { sharedRuns } from './runs/shared-runs.js';
import { innerViews, projectionThreads, storedViews } from './views/all-views.js';
import { projectionAnswer } from './views/projections-view.js';
import type { Settings } from './settings.js';

export interface RunningServer {
  readonly url: string;
  /** There only where it was made just now; to be shown and forgotten. */
  readonly firstToken: string | undefined;
  /** Takes no new requests, answers those under way, then lets go of everything. */
  readonly close: () => Promise<void>;
}

export interface ServeOptions {
  readonly contexts?: readonly Context[];
  /** A part has ended by itself, and nothing but a new start brings it back. */
  readonly onFatal?: () => void;
}

/** The address can't be listened on: one line for a person. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** A leader that is lost is there again within seconds, and the log's end can't be read without one. */
const sharedRememberedMs = 5_000;

/** What is due stands in memory where no other node writes the log; else each look asks the cluster. */
const carryOverPollMs = { own: 100, shared: 1_000 };

/** Opens everything and listens. What was opened is closed again where a later step fails. */
export async function serve(
  settings: Settings,
  logger: Logger,
  { contexts = allContexts, onFatal = () => undefined }: ServeOptions = {},
): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack();
  const metrics = new Metrics();
  const catalogue = catalogueOf(contexts);
  const commands = commandsOf(contexts);
  const engine = await openLog(settings, { metrics, logger });
  opened.defer(() => engine.close());
  const { isShared } = engine;
  const appends = isShared ? new AppendWatch(sharedRememberedMs) : new AppendWatch();
  const log = appends.over(engine.log);
  const head = (): Promise<bigint> => log.head();
  const views = await openViews({
    definitions: [...storedViews, ...innerViews],
    ...projectionThreads(catalogue, engine.source),
    log,
    entry: new URL('./views-worker.js', import.meta.url),
    workerData: { folder: settings.dataDir, source: engine.source },
    onFailed: (projection, failure) =>
      logger.error({ projection, ...failure }, 'a projection stopped at an event that it cannot take'),
    onTrouble: (error, fatal) => {
      logger[fatal ? 'fatal' : 'warn']({ error }, 'the views have trouble');
      if (fatal) onFatal();
    },
  });
  opened.defer(() => views.close());
  const shell = new CommandShell({ log, catalogue, counting: views.counting(head), sharedLog: isShared });
  const isFirstStart = (await log.head()) === beforeFirst;
  const access = new Access(shell, SessionCookies.open(settings.dataDir, Date.now(), settings.sessionKey));
  const kinds = kindsOfRuns(commands, registeredPools(views, log));
  const stored = { dataDir: settings.dataDir, log, shell, catalogue, kinds };
  const runs = new RunService({
    ...stored,
    plans: plansOfRuns(log, catalogue),
    rights: endedRights,
    ...(isShared && { sharing: sharedRuns(views, logger) }),
    onTrouble: (run, error, retryInSeconds) =>
      logger.warn({ run, err: error, retryInSeconds }, 'a run cannot go on just now'),
  });
  opened.defer(() => runs.close());
  await runs.resumeUnfinished();
  const carryOver = new CarryOver({
    shell,
    log,
    pollMs: isShared ? carryOverPollMs.shared : carryOverPollMs.own,
    onTrouble: (migration, error, retryInSeconds) =>
      logger.warn({ migration, err: error, retryInSeconds }, 'content cannot be carried over just now'),
  });
  opened.defer(() => carryOver.close());
  carryOver.start();
  const plans = new PlanService({ ...stored, runs, users: usersPassing(views), hours: settings.planHours });
  const live = new LiveHub(log, markingDenied(catalogue));
  views.onAdvance((advance) => live.advanced(advance));
  views.onStatus((status) => live.tell('projection', projectionAnswer(status)));
  const selfCheck = new SelfCheck(views, logger, new SelfCheckFile(settings.dataDir));
  opened.defer(() => selfCheck.close());
  selfCheck.begin(settings.selfCheck);
  metrics.watch(views, live, selfCheck);
  const app = await createApp({
    log,
    appends,
    views,
    shell,
    access,
    runs,
    carryOver,
    plans,
    live,
    selfCheck,
    metrics,
    logger,
    commands,
  });
  opened.defer(() => app.nest.close());
  const url = await listen(app, settings);
  // Not before: a start that fails on its port must not use up the only token.
  const firstToken = isFirstStart ? await issueFirstToken(shell, settings.firstToken, isShared) : undefined;
  logger.info({ url, dataDir: settings.dataDir }, 'listening');
  const resources = opened.move();
  return {
    url,
    firstToken,
    close: async () => {
      app.refuseNew();
      live.close();
      plans.close();
      await drain(app, resources);
    },
  };
}

async function listen({ nest }: App, { host, port }: Settings): Promise<string> {
  try {
    // Fastify's own: Nest's would log the error that becomes one line here.
    await nest.getHttpAdapter().getInstance().listen({ host, port });
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port) ?? error;
  }
  const address = nest.getHttpServer().address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function cannotListen({ code }: NodeJS.ErrnoException, host: string, port: number): CannotListen | undefined {
  if (code === 'EADDRINUSE') return new CannotListen(`HOMEWARD_PORT must be a free port: ${port} on ${host} is in use`);
  if (code === 'EACCES')
    return new CannotListen(`HOMEWARD_PORT must be a port that this user may open: ${port} is not`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new CannotListen(`HOMEWARD_HOST must be an address of this machine: ${host} is not (${code})`);
  return undefined;
}

/** Connections that only wait for their next request are closed as they fall idle; the server ends when the last has. */
async function drain({ nest }: App, resources: AsyncDisposableStack): Promise<void> {
  const server = nest.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), 6000);
  try {
    await resources.disposeAsync();
  } finally {
    clearInterval(sweep);
    clearTimeout(force);
  }
}
