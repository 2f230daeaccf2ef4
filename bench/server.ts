import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const main = fileURLToPath(new URL('../apps/server/src/main.js', import.meta.url));
const startSecondsMax = 60;
const endSecondsMax = 20;

interface ServerRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What `fetch` takes; a stream needs `duplex`. */
  readonly body?: unknown;
  readonly duplex?: 'half';
}

/** The real server, in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** With the token. */
  fetch(path: string, request?: ServerRequest): Promise<Response>;
  /** Sends a command that has to be done or unchanged. */
  send(command: string, fields: object): Promise<void>;
}

/** Starts the server on this folder, which is made where there is none, and waits until it is ready. */
export async function startServer(dataDir: string, settings: NodeJS.ProcessEnv = {}): Promise<Server> {
  await mkdir(dataDir, { recursive: true });
  const port = await freePort();
  const token = `hw_${randomBytes(32).toString('base64url')}`;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      HOMEWARD_DATA_DIR: dataDir,
      HOMEWARD_HOST: '127.0.0.1',
      HOMEWARD_PORT: `${port}`,
      HOMEWARD_FIRST_TOKEN: token,
      HOMEWARD_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const server: Server = {
    url,
    token,
    pid: child.pid ?? 0,
    fetch: (path, init = {}) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } } as RequestInit),
    send: async (command, fields) => {
      const response = await server.fetch(`/api/commands/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      if (!response.ok) throw new Error(`${command} was answered ${response.status}: ${await response.text()}`);
      await response.body?.cancel();
    },
    [Symbol.asyncDispose]: () => end(child),
  };
  for (let waited = 0; waited < startSecondsMax * 20; waited++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const response = await server.fetch('/health/ready').catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return server;
    await sleep(50);
  }
  await end(child);
  throw new Error(`the server is not ready after ${startSecondsMax} s`);
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
