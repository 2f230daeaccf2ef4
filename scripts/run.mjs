// `npm start`, `npm run demo`, `npm test`, `npm run bench`, `npm run backup`, `npm run restore`: sets up what is missing, then runs it with Node 24.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fail, node, root, say, serverCommand, setUp } from './setup.mjs';

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const programs = {
  start: serverCommand(),
  demo: ['scripts/demo.mjs'],
  backup: ['--enable-source-maps', 'dist/apps/server/src/backup/main.js', 'backup'],
  restore: ['--enable-source-maps', 'dist/apps/server/src/backup/main.js', 'restore'],
  'migrate-log': ['--enable-source-maps', 'dist/apps/server/src/migrate-log/main.js'],
  'test:kurrentdb': ['scripts/test-kurrentdb.mjs'],
  recover: ['--enable-source-maps', 'dist/apps/server/src/recovery/main.js'],
  test: jest,
  bench: ['--expose-gc', 'dist/bench/main.js'],
  setup: undefined,
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) fail(`usage: node scripts/run.mjs ${Object.keys(programs).join('|')}`, 2);
setUp();
const program = programs[name];
if (!program) process.exit(0);

// The settings' own folder stays where the user is: paths in them are relative to it.
const inRoot = name === 'test' || name === 'test:kurrentdb' || name === 'bench';
const [first, ...rest] = program.map((part) => (/^(dist|scripts|node_modules)\//.test(part) ? join(root, part) : part));
const child = spawn(node(), [first, ...rest, ...args], { stdio: 'inherit', cwd: inRoot ? root : process.cwd() });
// The child decides how it ends: a signal is handed on, and its exit code is ours.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`cannot start: ${error.message}`));
child.on('exit', (code, signal) => {
  if (signal) say(`ended by ${signal}`);
  process.exit(code ?? 1);
});
