// `npm run demo`: a Homeward of its own with the sample estate, and the coexistence story played through the public API.
// Runs again without doubling anything: each step has an Idempotency-Key, each import is remembered once its run is done.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { root, serverCommand } from './setup.mjs';
import { story } from './demo-story.mjs';
import { parse } from 'csv-parse/sync';

const startWaitSeconds = 60;
const runWaitSeconds = 120;
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

const host = settings.HOMEWARD_HOST ?? '127.0.0.1';
const url = `http://${host.includes(':') ? `[${host}]` : host}:${settings.HOMEWARD_PORT ?? 4680}`;

let before = '0';
await ready();
console.log(`\nThe sample estate of Contoso, in ${folder}\n`);
for (const [number, step] of story.entries()) await play(step, number + 1);
const { position } = await (await get('/health/ready')).json();
console.log(`
Homeward is up:  ${url}/docs
Token:           ${token}
Log position:    ${position ?? 'see the header Log-Position'}

Three requests worth trying (Ctrl+C ends the demo):

  curl -s -H 'Authorization: Bearer ${token}' ${url}/api/deployments
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/timeline?outcome=refused&limit=3'
  curl -s -H 'Authorization: Bearer ${token}' '${url}/api/pools?asOf=@${before}'
`);

/** One step of the story. */
async function play(step, number) {
  if (step.heading) return console.log(`${step.heading}`);
  if (step.file) return importUsers(step.file);
  if (step.content) return addContent(step, number);
  if (step.moveFrom) return moveEverybody(step, number);
  const { send: command, ...fields } = step;
  const { outcome, refusals = [], position } = await send(command, fields, `demo-${number}`);
  if (command === 'SealPool') before = position;
  tell(outcome, `${command} ${what(fields)}`);
  for (const { rule, detail } of refusals) console.log(`             ${rule}: ${detail}`);
}

/** Sends a command with a key of its own: the second time the first answer comes back, and nothing is done. */
async function send(command, fields, key) {
  const response = await fetch(`${url}/api/commands/${kebab(command)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(fields),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status === 422) return { outcome: 'refused', refusals: answer.refusals };
  throw new Error(`${command} answered ${response.status}: ${JSON.stringify(answer)}`);
}

/** A legacy inventory in our template, row by row: an add-in, a category (with its parent) or a room. */
async function addContent({ content, deployment }, number) {
  const [header, ...rows] = parse(readFileSync(join(root, 'samples', content)), { bom: true });
  const counts = {};
  for (const [index, cells] of rows.entries()) {
    const row = Object.fromEntries(header.map((name, column) => [name, cells[column]]));
    for (const [command, fields] of commandsOf(row)) {
      const { outcome } = await send(command, { deployment, ...fields }, `demo-${number}-${index}-${command}`);
      counts[`${command} ${outcome}`] = (counts[`${command} ${outcome}`] ?? 0) + 1;
    }
  }
  for (const [what, count] of Object.entries(counts)) tell('content', `${count} × ${what} in ${deployment}`);
}

/** @returns {[string, object][]} */
function commandsOf({
  CategoryPath,
  Room,
  Type,
  Privacy,
  AddIn,
  AddInUrl,
  Invitations,
  FileUpload,
  ChatHistory,
  Disabled,
}) {
  const levels = CategoryPath.split('\\');
  const category = levels.at(-1);
  const flag = (cell) => (cell === '' ? undefined : cell === 'True');
  if (category === '') return [['AddAddIn', { addIn: AddIn, url: AddInUrl }]];
  if (Room === '')
    return [
      [
        'AddCategory',
        {
          category,
          parent: levels.at(-2),
          invitations: flag(Invitations),
          fileUpload: flag(FileUpload),
          chatHistory: flag(ChatHistory),
        },
      ],
    ];
  const room = [
    'AddRoom',
    { category, room: Room, type: Type.toLowerCase(), privacy: Privacy.toLowerCase(), addIn: AddIn || undefined },
  ];
  return flag(Disabled) ? [room, ['ExcludeRoom', { room: Room, reason: 'disabled in the legacy system' }]] : [room];
}

/** Homes everybody of one pool on another. */
async function moveEverybody({ moveFrom, to, ticket }, number) {
  let moved = 0;
  for (let page = 0; page < pagesMax; page++) {
    const { items } = await (await get(`/api/users?pool=${moveFrom}&limit=500`)).json();
    if (items.length === 0) break;
    let position;
    for (const { user } of items)
      ({ position } = await send('HomeUser', { user, pool: to, ticket }, `demo-${number}-${user}`));
    moved += items.length;
    await get(`/api/users?limit=1&after=${position}`);
  }
  tell(moved > 0 ? 'done' : 'unchanged', `HomeUser of ${moved} people from ${moveFrom} on ${to}`);
}

async function importUsers(file) {
  if (imported.has(file)) return tell('unchanged', `import of ${file} (done before)`);
  const response = await fetch(`${url}/api/imports/users`, {
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
