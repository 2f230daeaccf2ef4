import { LogUnavailable, LogUnusable } from '#event-log';
import { createLogger, type Logger } from './operations/logger.js';
import { CannotListen, type RunningServer, serve } from './serve.js';
import { readSettings, unknownSettings, WrongSetting } from './settings.js';

const stopSecondsMax = 9;
const exitCodes = { fine: 0, unexpected: 1, settings: 2 } as const;

/** Runs the server until a signal ends it. */
export async function start(): Promise<void> {
  try {
    // What is kept tells who is who and who may do what: new files are for their owner alone.
    process.umask(0o077);
    const settings = readSettings(process.env);
    const logger = createLogger(settings.logLevel);
    for (const line of unknownSettings(process.env)) logger.warn(line);
    dieLoudly(logger);
    const starting = serve(settings, logger, { onFatal: () => process.exit(exitCodes.unexpected) });
    // At once: it answers before it has started whole, and whoever asks then may stop it.
    // The announcement still goes out, for the first token is in the log by then and shown nowhere else.
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => void stop(signal, logger, starting));
    const { url, firstToken } = await starting;
    process.stdout.write(announcement(url, firstToken));
  } catch (error) {
    if (error instanceof WrongSetting || error instanceof LogUnusable || error instanceof CannotListen)
      fail(error.message, exitCodes.settings);
    // It was there a moment ago.
    else if (error instanceof LogUnavailable) fail(error.message, exitCodes.unexpected);
    else fail(error instanceof Error ? (error.stack ?? error.message) : String(error), exitCodes.unexpected);
  }
}

function announcement(url: string, firstToken: string | undefined): string {
  const address = `Homeward listens on ${url}\n`;
  if (firstToken === undefined) return address;
  return `${address}\nThe first token, with every role, is shown this once:\n\n  ${firstToken}\n\nOpen ${url} and sign in with it.\n\n`;
}

async function stop(signal: string, logger: Logger, starting: Promise<RunningServer>): Promise<void> {
  logger.info({ signal }, 'stopping');
  const deadline = setTimeout(() => {
    logger.error('not everything ended in time');
    process.exit(exitCodes.fine);
  }, stopSecondsMax * 1000);
  const server = await started(starting);
  await server?.close();
  clearTimeout(deadline);
  logger.info('stopped');
  process.exit(exitCodes.fine);
}

/** Undefined where it can't start, which `start` tells. */
async function started(starting: Promise<RunningServer>): Promise<RunningServer | undefined> {
  const [outcome] = await Promise.allSettled([starting]);
  return outcome.status === 'fulfilled' ? outcome.value : undefined;
}

/** What nobody caught leaves the process in a state that nobody knows: the log is safe, so it ends. */
function dieLoudly(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'unexpected');
    process.exit(exitCodes.unexpected);
  });
}

function fail(message: string, code: number): void {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
