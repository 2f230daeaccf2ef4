// `npm run demo`: a Homeward of its own with the sample estate, and the coexistence story played through the public API.
// Runs again without doubling anything: each step has an Idempotency-Key, each import is remembered once its run is done.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { root, serverCommand } from './setup.mjs';
import { story } from './demo-story.mjs';

const startWaitSeconds = 60;
const runWaitSeconds = 120;
const carryWaitSeconds = 30;
const pagesMax = 100;

const settings = { ...(existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}), ...process.env };
// The user's own data is never touched: the demo's folder stands beside it.
const folder = settings.HOMEWARD_DATA_DIR ? `${resolve(settings.HOMEWARD_DATA_DIR)}-demo` : join(root, 'demo-data');
mkdirSync(folder, { recursive: true, mode: 0o700 });
const token = remembered('token', () => settings.HOMEWARD_FIRST_TOKEN ?? `hw_${randomBytes(32).toString('base64url')}`);
const imported = new Set(JSON.parse(remembered('imports', () => '[]')));

const server = spawn(process.execPath, serverCommand(), {
  env: {
    ...settings,
    HOMEWARD_DATA_DIR: folder,
    HOMEWARD_FIRST_TOKEN: token,
    HOMEWARD_LOG_LEVEL: settings.HOMEWARD_LOG_LEVEL ?? 'warn',
  },
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));
// A story that breaks off leaves nothing running.
process.on('exit', () => server.kill());

const host = settings.HOMEWARD_HOST ?? '127.0.0.1';
const url = `http://${host.includes(':') ? `[${host}]` : host}:${settings.HOMEWARD_PORT ?? 4680}`;

let before = '0';
let last = '0';
const played = new Map();
await ready();
console.log(`\nThe sample estate of Contoso, in ${folder}\n`);
for (const step of story) await play(step);
const { position } = await (await get('/health/ready')).json();
console.log(`
Homeward is up:  ${url}  (the API: ${url}/docs)
Token:           ${token}
Log position:    ${position ?? 'see the header Log-Position'}

Some requests worth trying (Ctrl+C ends the demo):

  curl -s -H 'Authorization: Bearer ${token}' ${url}/api/deployments
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/timeline?outcome=refused&limit=3'
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/pools?asOf=@${before}'
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/findings?status=open'
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/migrations/petersburg/script'
`);

/** One step of the story. */
async function play(step) {
  if (!step.send) return playOther(step);
  const { send: command, as: who, ...fields } = step;
  const { outcome, refusals = [], position } = await send(command, fields, keyOf(step), who && (await tokenOf(who)));
  last = position ?? last;
  if (command === 'SealPool') before = position;
  tell(outcome, `${command} ${what(fields)}${who ? ` as ${who}` : ''}`);
  for (const { rule, detail } of refusals) console.log(`             ${rule}: ${detail}`);
}

function playOther(step) {
  if (step.heading) return console.log(`${step.heading}`);
  if (step.file) return importFile(step.file, '/api/imports/users');
  if (step.content) return importFile(step.content, `/api/imports/content?deployment=${step.deployment}`);
  if (step.moveFrom) return moveEverybody(step);
  if (step.findingsOf) return tellFindings(step.findingsOf);
  if (step.carriedOver) return tellCarriedOver(step.carriedOver);
  throw new Error(`nobody knows how to play ${JSON.stringify(step)}`);
}

/** What it says and how often it was said before: a story that grows keeps the keys of what was played. */
function keyOf(step) {
  const said = createHash('sha256').update(JSON.stringify(step)).digest('hex').slice(0, 16);
  const times = (played.get(said) ?? 0) + 1;
  played.set(said, times);
  return `demo-${said}-${times}`;
}

/** Sends a command with a key of its own: the second time the first answer comes back, and nothing is done. */
async function send(command, fields, key, as = token) {
  const response = await fetch(`${url}/api/commands/${kebab(command)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(fields),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status === 422) return { outcome: 'refused', refusals: answer.refusals };
  throw new Error(`${command} answered ${response.status}: ${JSON.stringify(answer)}`);
}

/** An approver's token; a secret is told once, so the demo's folder keeps it. */
async function tokenOf(name) {
  const file = join(folder, `demo-token-${name.toLowerCase()}`);
  if (!existsSync(file)) {
    const fields = { name, roles: ['approver'] };
    const { secret } = await send('IssueToken', fields, `demo-${randomBytes(8).toString('hex')}`);
    writeFileSync(file, secret, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

async function tellFindings(subject) {
  const { items } = await (await get(`/api/findings?subject=${subject}&after=${last}`)).json();
  for (const { finding, severity, status, detail } of items) tell(status, `${severity} ${finding}: ${detail}`);
}

/** Waits until what was imported is carried over: a reaction to the import, in batches of its own. */
async function tellCarriedOver(migration) {
  for (let waited = 0; waited < carryWaitSeconds * 10; waited++) {
    const { carriedOver } = await (await get(`/api/migrations/${migration}?after=${last}`)).json();
    if (carriedOver?.rooms > 0) {
      const { categories, rooms, addIns, clashNames } = carriedOver;
      const overwritten = clashNames.length === 0 ? 'nothing' : clashNames.join(', ');
      return tell(
        'carried',
        `${many(categories, 'category', 'categories')}, ${many(rooms, 'room')}, ${many(addIns, 'add-in')}; overwritten: ${overwritten}`,
      );
    }
    await sleep(100);
  }
  throw new Error(`the content of ${migration} is not carried over after ${carryWaitSeconds} s`);
}

function many(count, one, more = `${one}s`) {
  return `${count} ${count === 1 ? one : more}`;
}

/** Homes everybody of one pool on another. */
async function moveEverybody(step) {
  const { moveFrom, to, ticket } = step;
  const key = keyOf(step);
  let moved = 0;
  for (let page = 0; page < pagesMax; page++) {
    const { items } = await (await get(`/api/users?pool=${moveFrom}&limit=500`)).json();
    if (items.length === 0) break;
    let position;
    for (const { user } of items) ({ position } = await send('HomeUser', { user, pool: to, ticket }, `${key}-${user}`));
    moved += items.length;
    await get(`/api/users?limit=1&after=${position}`);
  }
  tell(moved > 0 ? 'done' : 'unchanged', `HomeUser of ${moved} people from ${moveFrom} on ${to}`);
}

async function importFile(file, path) {
  if (imported.has(file)) return tell('unchanged', `import of ${file} (done before)`);
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: readFileSync(join(root, 'samples', file)),
  });
  if (response.status !== 202)
    throw new Error(`import of ${file} answered ${response.status}: ${await response.text()}`);
  const location = response.headers.get('location');
  const run = await finished(location);
  const { done, unchanged, refused, invalid } = run.counts;
  tell('run', `${basename(file)}: ${done} done, ${unchanged} unchanged, ${refused} refused, ${invalid} invalid`);
  if (refused + invalid > 0) console.log(`             the rows that failed: ${url}${location}/failed.csv`);
  imported.add(file);
  writeFileSync(join(folder, 'demo-imports'), JSON.stringify([...imported]));
}

async function finished(location) {
  for (let waited = 0; waited < runWaitSeconds * 10; waited++) {
    const response = await get(location);
    const run = response.ok ? await response.json() : undefined;
    if (run?.state === 'done') return run;
    await sleep(100);
  }
  throw new Error(`${location} is not done after ${runWaitSeconds} s`);
}

async function ready() {
  for (let waited = 0; waited < startWaitSeconds * 10; waited++) {
    const response = await get('/health/ready').catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server is not ready after ${startWaitSeconds} s`);
}

function get(path) {
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

/** A value kept in the demo's folder from its first run on. */
function remembered(name, make) {
  const file = join(folder, `demo-${name}`);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function kebab(name) {
  return name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** The fields that say what a command is about. */
function what(fields) {
  return Object.entries(fields)
    .filter(([name]) => name !== 'reason' && name !== 'ticket')
    .map(([, value]) => value)
    .join(' ');
}

function tell(outcome, text) {
  console.log(`  ${outcome.padEnd(10)} ${text}`);
}
