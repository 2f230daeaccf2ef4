import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TestServer } from '../server.js';

const storySecondsMax = 90;

/** A server with the sample estate, as `npm run demo` plays it. */
export class SampleEstate {
  private constructor(
    private readonly folder: string,
    readonly port: string,
    public server: TestServer,
  ) {}

  static async open(): Promise<SampleEstate> {
    const folder = mkdtempSync(join(tmpdir(), 'homeward-browser-'));
    const port = String(await freePort());
    await playStory(join(folder, 'd'), port);
    const estate = new SampleEstate(folder, port, await start(folder, port));
    await estate.server.ready();
    return estate;
  }

  /** The server goes, and comes back at the same address. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    await this.server.stop();
    await meanwhile();
    this.server = await start(this.folder, this.port);
    await this.server.ready();
  }

  async close(): Promise<void> {
    await this.server.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function start(folder: string, port: string): Promise<TestServer> {
  return TestServer.start({ dataDir: join(folder, 'd-demo'), env: { HOMEWARD_PORT: port } });
}

/** Plays the demo until it says that it is up, and ends it. */
async function playStory(dataDir: string, port: string): Promise<void> {
  const demo = spawn(process.execPath, [resolve('scripts/demo.mjs')], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOMEWARD_PORT: port,
      HOMEWARD_DATA_DIR: dataDir,
      HOMEWARD_FIRST_TOKEN: TestServer.firstToken,
      HOMEWARD_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<void>((done) => demo.on('close', () => done()));
  const isUp = new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(false), storySecondsMax * 1000);
    for (const stream of [demo.stdout, demo.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Homeward is up:')) {
          clearTimeout(timer);
          done(true);
        }
      });
    demo.on('close', () => {
      clearTimeout(timer);
      done(said.includes('Homeward is up:'));
    });
  });
  const worked = await isUp;
  demo.kill('SIGTERM');
  await ended;
  if (!worked) throw new Error(`the demo did not come up:\n${said}`);
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
