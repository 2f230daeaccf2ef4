import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { readSettings } from '#server/settings';
import { ScriptedServer } from '../libs/event-log-kurrentdb/test/scripted-server.js';

const root = resolve(__dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly restart?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly init?: boolean;
  readonly stop_grace_period?: string;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

const text = read('docker-compose.yml');
const compose = load(text, { schema: YAML11_SCHEMA }) as Compose;
const services = Object.entries(compose.services);
const lasting = services.filter(([name]) => name !== 'certificates');

/** `KEY=value` of the example, every secret filled in. */
const example = Object.fromEntries(
  Array.from(read('deploy/example.env').matchAll(/^([A-Z_]+)=(.*)$/gm), ([, name = '', value = '']) => [
    name,
    value || (name.startsWith('HOMEWARD_') ? 'ab'.repeat(32) : 'letters1and2digits'),
  ]),
);

const interpolated = (value: string | number): string =>
  String(value).replaceAll(/\$\{([A-Z_]+)(?::[?-]([^}]*))?\}/g, (_, name: string) => example[name] ?? '');

describe('docker-compose.yml', () => {
  it('has three nodes of KurrentDB, two of Homeward, a proxy, and certificates made once', () => {
    expect(services.map(([name]) => name).toSorted()).toEqual(
      ['certificates', 'homeward1', 'homeward2', 'kurrentdb1', 'kurrentdb2', 'kurrentdb3', 'proxy'].toSorted(),
    );
  });

  it.each(services)(
    '%s has a pinned image, a read-only root and no capabilities that it was not given',
    (_, service) => {
      expect(service.image).toMatch(/^[a-z0-9./-]+:\d+\.\d+\.\d+[a-z0-9-]*$/);
      expect(service).toMatchObject({ read_only: true, tmpfs: expect.arrayContaining(['/tmp']), cap_drop: ['ALL'] });
    },
  );

  it.each(lasting)(
    '%s is nobody of importance, is restarted, asked for its health, and hears SIGTERM',
    (_, service) => {
      expect(Number(service.user?.split(':')[0])).toBeGreaterThan(0);
      expect(service).toMatchObject({ restart: 'unless-stopped', init: true });
      expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(10);
      expect(service.healthcheck?.test[0]).toBe('CMD');
    },
  );

  it('names no volume, network or service that is not there, and none that nobody uses', () => {
    const volumes = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((name) => !name.startsWith('.'));
    expect(new Set(volumes)).toEqual(new Set(Object.keys(compose.volumes)));
    const networks = services.flatMap(([, service]) => service.networks ?? []);
    expect(new Set(networks)).toEqual(new Set(Object.keys(compose.networks)));
    for (const [, service] of services)
      for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(name);
  });

  it('holds no secret, and asks for exactly those of the example', () => {
    const asked = new Set(Array.from(text.matchAll(/\$\{([A-Z_]+)/g), ([, name]) => name));
    expect(asked).toEqual(new Set(Object.keys(example)));
    expect(text).not.toMatch(/changeit/);
  });

  it.each(['homeward1', 'homeward2'])('gives %s settings that the server takes', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'homeward-compose-'));
    const given = Object.entries(compose.services[name]?.environment ?? {});
    const environment = Object.fromEntries(given.map(([key, value]) => [key, interpolated(value)]));
    const settings = readSettings({ ...environment, HOMEWARD_DATA_DIR: folder }, join(folder, '.env'));
    expect(settings.eventLog).toMatch(/^kurrentdb:\/\/admin:letters1and2digits@kurrentdb1:2113,kurrentdb2/);
    expect(settings.sessionKey).toHaveLength(32);
    rmSync(folder, { recursive: true });
  });

  it('mounts only files that are there', () => {
    for (const [, { volumes = [] }] of services)
      for (const volume of volumes) if (volume.startsWith('./')) expect(read(volume.split(':')[0] ?? '')).not.toBe('');
  });
});

/** How long the proxy keeps a connection to a node that is idle. */
const [, proxyKeepsMinutes] = /^\s*keepalive (\d+)m$/m.exec(read('deploy/Caddyfile')) ?? [];
const proxyKeepsSeconds = Number(proxyKeepsMinutes) * 60;

test('deploy/certificates.sh is a script that bash can read', () => {
  expect(spawnSync('bash', ['-n', join(root, 'deploy/certificates.sh')]).status).toBe(0);
});

describe('the image', () => {
  const stage =
    read('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const command = JSON.parse(/^CMD (\[.+\])$/m.exec(stage)?.[1] ?? '[]') as readonly string[];
  let folder: string;
  let server: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'homeward-image-'));
  });
  afterEach(() => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is pinned, and runs as a user without rights', () => {
    for (const [, image] of read('Dockerfile').matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
    expect(stage).toMatch(/^USER node$/m);
  });

  it('starts the server as npm start does', () => {
    const { config } = JSON.parse(read('package.json')) as { config: { serverFlags: string } };
    expect(command).toEqual(['node', ...config.serverFlags.split(' '), 'dist/apps/server/src/main.js']);
  });

  it.each(['sqlite', 'kurrentdb'])(
    'is complete: what it holds starts on %s, says that it is ready, and ends with 0 on SIGTERM',
    async (engine) => {
      const kurrent = engine === 'kurrentdb' ? await ScriptedServer.start() : undefined;
      layOut(stage, join(folder, 'app'));
      mkdirSync(join(folder, 'data'));
      const [, ...args] = command;
      const port = 20_000 + (process.pid % 20_000);
      const env = {
        PATH: dirname(process.execPath),
        HOMEWARD_PORT: `${port}`,
        HOMEWARD_DATA_DIR: join(folder, 'data'),
        HOMEWARD_EVENT_LOG: kurrent?.connectionString ?? engine,
        HOMEWARD_LOG_LEVEL: 'warn',
      };
      server = spawn(process.execPath, args, { cwd: join(folder, 'app'), env, stdio: 'ignore' });
      const ended = new Promise((done) => server?.on('close', (code, signal) => done({ code, signal })));
      const isReady = (): Promise<number | null> =>
        new Promise((done) =>
          spawn(process.execPath, ['deploy/healthcheck.mjs'], { cwd: join(folder, 'app'), env }).on('close', done),
        );
      expect(await isReady()).toBe(1);
      let ready: number | null = 1;
      for (let asked = 0; asked < 50 && ready !== 0; asked++) {
        await sleep(200);
        ready = await isReady();
      }
      expect(ready).toBe(0);
      // It is the proxy that closes a connection which has been idle.
      const { headers } = await fetch(`http://127.0.0.1:${port}/health/live`);
      const [, seconds] = /^timeout=(\d+)$/.exec(headers.get('keep-alive') ?? '') ?? [];
      expect(Number(seconds)).toBeGreaterThan(proxyKeepsSeconds);
      server.kill('SIGTERM');
      expect(await ended).toEqual({ code: 0, signal: null });
      kurrent?.stop();
    },
  );
});

/** What the last stage copies, with the packages that `npm ci --omit=dev` would leave. */
function layOut(stage: string, app: string): void {
  mkdirSync(app);
  for (const [, from, sources = '', target = ''] of stage.matchAll(/^COPY (--from=\S+ )?(.+) (\S+)$/gm)) {
    if (sources.endsWith('/node_modules')) linkPackages(join(app, 'node_modules'));
    else
      for (const source of sources.split(' ')) {
        const path = from ? source.replace(/^\/build\//, '') : source;
        cpSync(join(root, path), target.endsWith('/') ? join(app, target, path) : join(app, target), {
          recursive: true,
        });
      }
  }
}

function linkPackages(folder: string): void {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
  };
  for (const [path, { dev = false, optional = false }] of Object.entries(packages)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    if (name === undefined || dev || (optional && name.startsWith('node-'))) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(root, path), join(folder, name));
  }
}
