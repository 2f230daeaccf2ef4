import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const main = resolve('dist/apps/server/src/main.js');
const defaultStartSecondsMax = 20;
/** Of a start that fails: it may look for a log for 15 s first. */
const endSecondsMax = 45;

export interface ServerOptions {
  /** Kept by its owner; where absent, a new one that `stop` and `kill` leave and `dispose` removes. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Until it listens. */
  readonly startSecondsMax?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where it is no JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A built server in a process of its own, as a user starts it: `npm run -s build` comes first. */
export class TestServer {
  /** The token with every role. */
  static readonly firstToken = 'hw_first-token-of-the-end-to-end-tests';

  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly process: ChildProcess,
    private readonly ended: Promise<number | null>,
    private readonly said: () => string,
  ) {}

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const owned = options.dataDir === undefined;
    const { dataDir = mkdtempSync(join(tmpdir(), 'homeward-e2e-')), env = {} } = options;
    const { startSecondsMax = defaultStartSecondsMax } = options;
    const { process, ended, said } = spawnServer(dataDir, env);
    for (let waited = 0; waited < startSecondsMax * 50; waited++) {
      const url = /^Homeward listens on (\S+)$/m.exec(said())?.[1];
      if (url !== undefined) return new TestServer(url, dataDir, process, ended, said);
      if (process.exitCode !== null) break;
      await sleep(20);
    }
    process.kill('SIGKILL');
    await ended;
    if (owned) rmSync(dataDir, { recursive: true, force: true });
    throw new Error(`the server did not start (exit code ${process.exitCode}):\n${said()}`);
  }

  /** Starts a server that is expected to end by itself, or with the SIGTERM that it hears `stopWhen`. */
  static async run(
    dataDir: string,
    env: Readonly<Record<string, string>> = {},
    { stopWhen }: { stopWhen?: () => boolean } = {},
  ): Promise<{ code: number | null; output: string }> {
    const { process, ended, said } = spawnServer(dataDir, env);
    const timer = setTimeout(() => process.kill('SIGKILL'), endSecondsMax * 1000);
    const stopper = setInterval(() => {
      if (!stopWhen?.()) return;
      clearInterval(stopper);
      process.kill('SIGTERM');
    }, 5);
    const code = await ended;
    clearTimeout(timer);
    clearInterval(stopper);
    return { code, output: said() };
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** All that it wrote to stdout and stderr so far. */
  get output(): string {
    return this.said();
  }

  /** Any request; signed in as the first token unless `token` says otherwise (null: not at all). */
  async request(
    path: string,
    { token = TestServer.firstToken, ...init }: RequestInit & { token?: string | null } = {},
  ): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (token !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(`${this.url}${path}`, { redirect: 'manual', ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
  }

  get(path: string, token?: string | null): Promise<Answer> {
    return this.request(path, token === undefined ? {} : { token });
  }

  /** Sends a command; `path` may have `?plan=true`. */
  send(
    path: string,
    fields: unknown,
    { token, ...headers }: { token?: string | null } & Readonly<Record<string, string | null | undefined>> = {},
  ): Promise<Answer> {
    return this.request(`/api/commands/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: typeof fields === 'string' ? fields : JSON.stringify(fields),
      ...(token !== undefined && { token }),
    });
  }

  /** The secret of a new token. */
  async issueToken(roles: readonly string[], more: object = {}): Promise<{ token: string; secret: string }> {
    const { body } = await this.send('issue-token', { name: roles.join(' and '), roles, ...more });
    return body as { token: string; secret: string };
  }

  /** Waits until every view has caught up. */
  async ready(startSecondsMax = defaultStartSecondsMax): Promise<void> {
    for (let waited = 0; waited < startSecondsMax * 50; waited++) {
      if ((await this.get('/health/ready', null)).status === 200) return;
      await sleep(20);
    }
    throw new Error(`not ready: ${(await this.get('/health/ready', null)).text}`);
  }

  /** Until every view shows all that the log has: `ready` lets one be a moment behind. */
  async caughtUp(): Promise<void> {
    for (let waited = 0; waited < 500; waited++) {
      const { items } = (await this.get('/api/projections')).body as { items: readonly { lagEvents: number }[] };
      if (items.every(({ lagEvents }) => lagEvents === 0)) return;
      await sleep(20);
    }
    throw new Error('the views do not catch up');
  }

  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null> {
    this.process.kill('SIGTERM');
    return this.ended;
  }

  /** SIGKILL: as when the power goes. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it, if it runs, and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function spawnServer(dataDir: string, env: Readonly<Record<string, string>>) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    // A folder without a .env: the settings are those given here.
    cwd: dataDir,
    env: {
      PATH,
      HOMEWARD_PORT: '0',
      HOMEWARD_DATA_DIR: dataDir,
      HOMEWARD_FIRST_TOKEN: TestServer.firstToken,
      HOMEWARD_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  return { process: child, ended, said: () => output };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
