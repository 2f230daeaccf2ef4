import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const realServer = new URL('../apps/server/src/main.js', import.meta.url);
/** As `npm start` starts it. */
const packageFile = new URL('../../package.json', import.meta.url);
const lookEveryMs = 10;
const endSecondsMax = 20;

/** Of every folder that a bench makes, so that a later run can sign in to what an earlier one has left. */
export const token = 'hw_a-token-for-nothing-but-benchmarks-on-loopback';

interface ServerRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What `fetch` takes; a stream needs `duplex`. */
  readonly body?: unknown;
  readonly duplex?: 'half';
}

interface StartOptions {
  /** The module to run; the real server's where absent. */
  readonly entry?: URL;
  /** Until every view has caught up once. */
  readonly readySecondsMax?: number;
  /** `HOMEWARD_EVENT_LOG`; a log of its own where absent. */
  readonly eventLog?: string;
}

/** A server in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process until it was ready. */
  readonly startSeconds: number;
  /** With the token. */
  fetch(path: string, request?: ServerRequest): Promise<Response>;
  /** Sends a command that has to be done or unchanged; answers its position. */
  send(command: string, fields: object): Promise<bigint>;
}

/** Starts the server on this folder, which is made where there is none, and waits until it is ready. */
export async function startServer(
  dataDir: string,
  { entry = realServer, readySecondsMax = 60, eventLog = 'sqlite' }: StartOptions = {},
): Promise<Server> {
  await mkdir(dataDir, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const { config } = JSON.parse(await readFile(packageFile, 'utf8')) as { config: { serverFlags: string } };
  const child = spawn(process.execPath, [...config.serverFlags.split(' '), fileURLToPath(entry)], {
    env: {
      ...process.env,
      HOMEWARD_DATA_DIR: dataDir,
      HOMEWARD_EVENT_LOG: eventLog,
      HOMEWARD_HOST: '127.0.0.1',
      HOMEWARD_PORT: `${port}`,
      HOMEWARD_FIRST_TOKEN: token,
      HOMEWARD_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ask: Server['fetch'] = (path, init = {}) =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } } as RequestInit);
  const deadline = started + readySecondsMax * 1000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    // The first token is on record a moment after the first request is answered.
    if ((await isFine(ask, '/health/ready')) && (await isFine(ask, '/api/session')))
      return running(child, url, ask, (performance.now() - started) / 1000);
    await sleep(lookEveryMs);
  }
  await end(child);
  throw new Error(
    `the server is not ready after ${readySecondsMax} s, or its log has another first token than benches have`,
  );
}

async function isFine(ask: Server['fetch'], path: string): Promise<boolean> {
  const response = await ask(path).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

function running(child: ChildProcess, url: string, ask: Server['fetch'], startSeconds: number): Server {
  return {
    url,
    pid: child.pid ?? 0,
    startSeconds,
    fetch: ask,
    send: async (command, fields) => {
      const response = await ask(`/api/commands/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      if (!response.ok) throw new Error(`${command} was answered ${response.status}: ${await response.text()}`);
      return BigInt(((await response.json()) as { position: string | null }).position ?? -1);
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), endSecondsMax * 1000);
  await ended;
  clearTimeout(late);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
