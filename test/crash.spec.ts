import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { estate, loadUntilDeath, pools, send, type Sent, userFile } from './crash/load.js';
import { eventsOf } from './rig.js';
import { type Answer, TestServer } from './server.js';

const rounds = 3;
const importRows = 8000;
const loadSecondsMax = 20;
const runSecondsMax = 60;

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-crash-'));
  server = await TestServer.start({ dataDir: folder });
  for (const [path, fields] of estate) expect((await server.send(path, fields)).body.outcome).toBe('done');
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

it('a server killed under load loses and doubles nothing that it had acknowledged', async () => {
  const acknowledged: Sent[] = [];
  let cutOff = 0;
  for (let round = 1; round <= rounds; round++) {
    const { sent, run } = await loadAndKill(round);
    const answered = sent.filter(({ answer }) => answer !== undefined);
    expect(answered.length).toBeGreaterThan(100);
    expect(answered.filter(({ answer }) => ![200, 422].includes(answer!.status))).toEqual([]);
    acknowledged.push(...answered);

    const events = await logOf(folder);
    expectSound(events);
    expectRecorded(events, acknowledged);
    if (!events.some(({ type, data }) => type === 'RunFinished' && data['run'] === run)) cutOff++;

    server = await TestServer.start({ dataDir: folder });
    await server.ready();
    await expectSameAnswers(sent);
    await expectRunDone(run);
    await expectViewsAgree(round);
  }
  expect(cutOff).toBeGreaterThan(0);
  await server.kill();
  const events = await logOf(folder);
  expectSound(events);
  expectRecorded(events, acknowledged);
  expectImportedOnce(events);
  server = await TestServer.start({ dataDir: folder });
}, 240_000);

async function importing(round: number): Promise<string> {
  const { status, body } = await server.request('/api/imports/users', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: userFile(round, importRows),
  });
  expect(status).toBe(202);
  return body.run as string;
}

/** Single commands first, then a file beside them; each round dies at another stage of it. */
async function loadAndKill(round: number): Promise<{ sent: Sent[]; run: string }> {
  const sent: Sent[] = [];
  let alive = true;
  const loading = loadUntilDeath(server, round, sent, () => alive);
  for (let waited = 0; waited < loadSecondsMax * 200 && sent.length < 150; waited++) await sleep(5);
  const run = await importing(round);
  await sleep(100 * (round - 1));
  await server.kill();
  alive = false;
  await loading;
  return { sent, run };
}

async function logOf(dataDir: string): Promise<RecordedEvent[]> {
  const log = await openSqliteLog({ file: join(dataDir, 'events.db') });
  try {
    return await eventsOf(log);
  } finally {
    await log.close();
  }
}

/** Ids once, positions and revisions without gap. */
function expectSound(events: readonly RecordedEvent[]): void {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const next = new Map<string, bigint>();
  let last = -1n;
  for (const { stream, revision, position } of events) {
    if (revision !== (next.get(stream) ?? 0n) || position <= last)
      throw new Error(`${stream} ${revision} at ${position}`);
    next.set(stream, revision + 1n);
    last = position;
  }
}

interface Person {
  readonly user: string;
  readonly displayName: string | null;
  readonly pool: string | null;
  readonly granted: string | null;
}

/** Where everybody is, by the log; nobody is enrolled twice. */
function peopleOf(events: readonly RecordedEvent[]): Map<string, Person> {
  const people = new Map<string, Person>();
  for (const { type, data } of events) {
    const user = String(data['user']);
    const known = people.get(user);
    if (type === 'UserEnrolled') {
      if (known) throw new Error(`${user} is enrolled twice`);
      people.set(user, { user, displayName: data['displayName'] as string, pool: null, granted: null });
    } else if (type === 'UserHomed' && known) people.set(user, { ...known, pool: data['to'] as string });
    else if (type === 'PolicyGranted' && known) people.set(user, { ...known, granted: data['policy'] as string });
  }
  return people;
}

/** What was said is there, word for word: done with its events, refused with its audit entry. */
function expectRecorded(events: readonly RecordedEvent[], acknowledged: readonly Sent[]): void {
  const byPosition = new Map(events.map((event) => [`${event.position}`, event]));
  const missing = acknowledged.flatMap(({ path, fields, answer }) =>
    (answer?.body.events ?? []).flatMap((said: Record<string, unknown>) => {
      const event = byPosition.get(String(said['position']));
      const stored = event && {
        id: event.id,
        type: event.type,
        stream: event.stream,
        revision: `${event.revision}`,
        position: `${event.position}`,
        recordedAt: event.recordedAt,
        data: event.data,
      };
      return JSON.stringify(ordered(stored)) === JSON.stringify(ordered(said)) ? [] : [{ path, fields, said, stored }];
    }),
  );
  expect(missing).toEqual([]);
  const refused = new Map<string, number>();
  for (const { type, data } of events)
    if (type === 'CommandRefused') refused.set(refusedUser(data), (refused.get(refusedUser(data)) ?? 0) + 1);
  for (const { fields, answer, key } of acknowledged)
    if (answer?.status === 422 && key !== undefined)
      expect([fields, refused.get(fields['user']!)]).toEqual([fields, 1]);
}

const refusedUser = (data: Readonly<Record<string, unknown>>): string => (data['fields'] as { user: string }).user;

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

/** A key answers as before; where no answer had come back, it is done now, once. */
async function expectSameAnswers(sent: readonly Sent[]): Promise<void> {
  const keyed = sent.filter(({ key }) => key !== undefined);
  const samples = [...keyed.slice(0, 40), ...keyed.slice(-40)];
  for (const before of samples) {
    const again = await send(server, before);
    expect(again).toBeDefined();
    if (before.answer) expect(toldBy(again!)).toEqual(toldBy(before.answer));
    else expect([200, 422]).toContain(again!.status);
  }
}

/** What an answer says; a refusal's place in the log and its occurrence are not part of it. */
function toldBy({ status, body }: Answer): object {
  if (status === 200) return { status, body };
  return { status, refusals: body.refusals };
}

async function expectRunDone(run: string): Promise<void> {
  for (let waited = 0; waited < runSecondsMax * 10; waited++) {
    const { body } = await server.get(`/api/runs/${run}`);
    if (body.state === 'done') {
      expect(body).toMatchObject({
        total: importRows,
        processed: importRows,
        counts: { done: importRows, unchanged: 0, refused: 0, invalid: 0 },
      });
      return;
    }
    await sleep(100);
  }
  throw new Error(`run ${run} goes on: ${(await server.get(`/api/runs/${run}`)).text}`);
}

/** The views show what the log holds. Only one process may open it, so the server dies once more. */
async function expectViewsAgree(round: number): Promise<void> {
  const { text: before } = await server.get('/api/users?limit=1');
  await server.kill();
  const people = [...peopleOf(await logOf(folder)).values()];
  server = await TestServer.start({ dataDir: folder });
  await server.ready();
  const { body } = await server.get('/api/users?limit=1');
  expect(body.total).toBe(people.length);
  expect(JSON.parse(before)).toEqual(body);
  expect(body.total).toBeGreaterThan(round * importRows);
  for (const pool of pools) {
    const homed = people.filter((person) => person.pool === pool).length;
    expect((await server.get(`/api/pools/${pool}`)).body.users.homed).toBe(homed);
  }
  for (const person of [people.at(-1)!, people.at(-2)!, people[0]!])
    expect((await server.get(`/api/users/${person.user}`)).body).toMatchObject(person);
}

function expectImportedOnce(events: readonly RecordedEvent[]): void {
  const imported = events.filter(({ data }) => String(data['user']).startsWith('sip:import'));
  const count = (type: string) => imported.filter((event) => event.type === type).length;
  expect({ enrolled: count('UserEnrolled'), homed: count('UserHomed'), granted: count('PolicyGranted') }).toEqual({
    enrolled: rounds * importRows,
    homed: rounds * importRows,
    granted: (rounds * importRows) / 10,
  });
  expect(events.filter(({ type }) => type === 'RunFinished')).toHaveLength(rounds);
}
