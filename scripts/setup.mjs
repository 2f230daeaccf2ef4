// Sets up what is missing: dependencies from the lock file, then the build. Plain JavaScript that any Node from 18 runs,
// because it runs before Node 24 is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMajor = 24;
const lockWaitSeconds = 600;

/** The Node 24 to run everything with: the one that runs this where it is new enough, else the one from node_modules. */
export function node() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  const platform = { linux: 'linux', win32: 'win' }[process.platform];
  const binary = join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(binary)) return binary;
  fail(
    `Homeward needs Node ${nodeMajor} or newer here (this is ${process.version}, and there is no packaged one for ${process.platform} ${process.arch})`,
  );
}

/** How the server is started: V8 options that can't be set any later (see docs/decisions/0008-node-24.md). */
export function serverCommand() {
  const { config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return [...config.serverFlags.split(' '), join(root, 'dist/apps/server/src/main.js')];
}

/** Installs and builds where something is missing or has changed; does nothing otherwise. */
export function setUp() {
  if (installed() && built()) return;
  if (!installed()) refuseLink();
  const unlock = lock();
  try {
    if (!installed()) {
      say('installing the dependencies (once)');
      run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { shell: process.platform === 'win32' });
    }
    if (!built()) {
      say('building');
      build();
    }
  } finally {
    unlock();
  }
}

/** npm would follow a link and empty the folder of somebody else. */
function refuseLink() {
  const folder = join(root, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(`${folder} is a link, and lacks what the lock file names; remove the link, or install where it leads to`);
}

/** Builds beside the old build and then takes its place: a server that runs from the old one keeps what it has loaded. */
function build() {
  const hash = sourceHash();
  const fresh = 'dist.new';
  const remove = (folder) =>
    rmSync(join(root, folder), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  remove(fresh);
  run(node(), [
    join(root, 'node_modules/@swc/cli/bin/swc.js'),
    ...sources,
    '-d',
    fresh,
    '--config-file',
    '.swcrc',
    '--quiet',
  ]);
  run(node(), [join(root, 'apps/console/build.mjs'), join(root, fresh, 'console')]);
  writeFileSync(join(root, fresh, '.homeward-built'), hash);
  remove('dist.old');
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), join(root, 'dist.old'));
  renameSync(join(root, fresh), join(root, 'dist'));
  remove('dist.old');
}

const sources = ['apps/server', 'libs', 'bench'];
const consoleSources = /\.(ts|tsx|css|html|svg|mjs)$/;
const buildStamp = join(root, 'dist', '.homeward-built');

/** Whether npm has put there what the lock file names: npm writes its own list of it last. */
function installed() {
  const there = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  const wanted = packagesIn(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional, peer, link }]) =>
      path === '' || optional || peer || link || there[path]?.version === version,
  );
}

function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {};
}

function built() {
  return read(buildStamp) === sourceHash();
}

function sourceHash() {
  const files = ['.swcrc', 'package-lock.json'].map((name) => join(root, name));
  for (const folder of sources) walk(join(root, folder), files, /\.ts$/);
  walk(join(root, 'apps/console'), files, consoleSources);
  return digest(files.sort());
}

function walk(folder, files, wanted) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, files, wanted);
    else if (wanted.test(entry.name)) files.push(path);
  }
}

function digest(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\0`);
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** One set-up at a time: the folder is made by whoever comes first and goes with its process. */
function lock() {
  const folder = join(root, '.setup-lock');
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(folder);
      const unlock = () => rmSync(folder, { recursive: true, force: true });
      // Also where a step fails and ends the process.
      process.once('exit', unlock);
      process.once('SIGINT', () => {
        unlock();
        process.exit(130);
      });
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (waited === 0) say('another set-up is under way; waiting for it');
      const ageSeconds = existsSync(folder) ? (Date.now() - statSync(folder).mtimeMs) / 1000 : 0;
      if (ageSeconds > lockWaitSeconds) rmSync(folder, { recursive: true, force: true });
      if (waited > lockWaitSeconds * 2)
        fail(`another set-up has been under way for ${lockWaitSeconds} s; remove ${folder} if it is dead`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    }
  }
}

export function run(command, args, options = {}) {
  // Talk goes to stderr: stdout is the program's own.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ${args[0]} ended with ${status}`, status ?? 1);
}

export function say(text) {
  process.stderr.write(`homeward: ${text}\n`);
}

export function fail(text, status = 1) {
  say(text);
  process.exit(status);
}
