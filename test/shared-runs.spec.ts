import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { pace, RunNode, until } from './cluster/run-node.js';
import { MemoryLog } from './memory-log.js';

const rowsMax = 1100;
const pool = 'fe13.contoso.com';

/** Every seventh row is refused. */
const file = (rows: number, prefix = 'u'): string =>
  [
    'SipAddress,DisplayName,RegistrarPool',
    ...Array.from(
      { length: rows },
      (_, n) => `${prefix}${n}@contoso.com,U,${n % 7 === 3 ? 'nowhere.contoso.com' : pool}`,
    ),
  ].join('\n');
const refusedOf = (rows: number): number => Array.from({ length: rows }, (_, n) => n).filter((n) => n % 7 === 3).length;

let log: MemoryLog;
let nodes: RunNode[];
beforeEach(async () => {
  log = new MemoryLog({ pause: () => sleep(0) });
  nodes = ['a', 'b'].map((name) => new RunNode(name, log));
  const [a] = nodes as [RunNode, RunNode];
  await a.send('RegisterSite', { site: 'Redmond' });
  await a.send('RegisterPool', { pool, generation: 'lync-2013', site: 'Redmond' });
  for (const node of nodes) await node.runs.resumeUnfinished();
});
afterEach(() => Promise.all(nodes.map((node) => node.end())));

const ofRun = (run: string, ...types: readonly string[]) =>
  log.recorded.filter(({ stream, type }) => stream === `run-${run}` && (types.length === 0 || types.includes(type)));
const finished = (run: string) => until('the run is finished', () => ofRun(run, 'RunFinished').length > 0);
const advanced = (run: string, batches: number) =>
  until(`${batches} batches are on record`, () => ofRun(run, 'RunAdvanced').length >= batches);
const claimants = (run: string): unknown[] => {
  const names = log.recorded
    .filter(({ stream, type }) => stream === `claim-${run}` && type === 'RunClaimed')
    .map(({ data }) => data['node']);
  return names.filter((name, index) => name !== names[index - 1]);
};

/** Each row has come to what it comes to exactly once, and the run says so. */
function expectOnce(run: string, rows: number): void {
  const enrolled = log.recorded.filter(({ type, meta }) => type === 'UserEnrolled' && meta.causationId === run);
  expect(new Set(enrolled.map(({ data }) => data['user'])).size).toBe(rows - refusedOf(rows));
  expect(enrolled).toHaveLength(rows - refusedOf(rows));
  const refused = log.recorded.filter(({ type, meta }) => type === 'CommandRefused' && meta.causationId === run);
  expect(refused).toHaveLength(refusedOf(rows));
  expect(ofRun(run, 'RunFinished').map(({ data }) => data['counts'])).toEqual([
    { done: rows - refusedOf(rows), unchanged: 0, refused: refusedOf(rows), invalid: 0 },
  ]);
}

describe('a run of one of several nodes', () => {
  it.each([0, 1, 2, 3])('goes on at another one when its node is gone after %i batches', async (batches) => {
    const [a, b] = nodes as [RunNode, RunNode];
    const run = await a.upload(file(rowsMax));
    await advanced(run, batches);
    a.freeze();
    await finished(run);
    expectOnce(run, rowsMax);
    expect(b.takenOver).toEqual([[run, 'a']]);
  });

  it('is not gone on with by a node that was only slow, wherever it was held up', async () => {
    const [a, b] = nodes as [RunNode, RunNode];
    const run = await a.upload(file(rowsMax));
    await advanced(run, 1);
    a.freeze();
    await until('the other node has taken over', () => b.takenOver.length > 0);
    const written = a.appended.length;
    a.resume();
    await finished(run);
    expectOnce(run, rowsMax);
    expect(a.appended.slice(written).flat()).toEqual([]);
    expect(claimants(run)).toEqual(['a', 'b']);
  });

  it('stays where it is while its node is alive, however long it takes to begin', async () => {
    const [a, b] = nodes as [RunNode, RunNode];
    const kind = a.runs.kindOf({ kind: 'users' })!;
    const open = kind.open.bind(kind);
    const held = Promise.withResolvers<void>();
    jest.spyOn(kind, 'open').mockImplementation((parameters) => {
      const reader = open(parameters);
      return { read: (rows) => held.promise.then(() => reader.read(rows)) };
    });
    const run = await a.upload(file(10));
    await sleep(pace.silentMs * 2);
    expect(claimants(run)).toEqual(['a']);
    expect(b.takenOver).toEqual([]);
    held.resolve();
    await finished(run);
    expectOnce(run, 10);
  });

  it('is taken over by one of those that are left', async () => {
    const [a, b] = nodes as [RunNode, RunNode];
    const others = ['c', 'd'].map((name) => new RunNode(name, log));
    nodes.push(...others);
    for (const node of others) await node.runs.resumeUnfinished();
    const run = await a.upload(file(rowsMax));
    await advanced(run, 1);
    a.freeze();
    await finished(run);
    expectOnce(run, rowsMax);
    expect([b, ...others].flatMap(({ takenOver }) => takenOver)).toEqual([[run, 'a']]);
  });

  it('goes on at once when its node is stopped', async () => {
    const patient = { ...pace, silentMs: 600_000 };
    const [c, d] = ['c', 'd'].map((name) => new RunNode(name, log, patient)) as [RunNode, RunNode];
    await Promise.all(nodes.splice(0).map((node) => node.end()));
    nodes.push(c, d);
    for (const node of nodes) await node.runs.resumeUnfinished();
    const run = await c.upload(file(rowsMax));
    await advanced(run, 1);
    await c.runs.close();
    await finished(run);
    expectOnce(run, rowsMax);
    expect(d.takenOver).toEqual([[run, null]]);
  });

  it('changes hands less and less often while nobody gets on with it', async () => {
    const impatient = { silentMs: 150, signMs: 30, lookMs: 10 };
    nodes.push(...['c', 'd'].map((name) => new RunNode(name, log, impatient)));
    await Promise.all(nodes.splice(0, 2).map((node) => node.end()));
    const [a] = nodes as [RunNode];
    for (const node of nodes) {
      await node.runs.resumeUnfinished();
      const kind = node.runs.kindOf({ kind: 'users' })!;
      jest.spyOn(kind, 'open').mockImplementation(() => ({ read: () => Promise.reject(new Error('no')) }));
    }
    const run = await a.upload(file(10));
    await until('it has changed hands twice', () => claimants(run).length === 3);
    const since = Date.now();
    await until('and again', () => claimants(run).length === 4);
    expect(Date.now() - since).toBeGreaterThan(impatient.silentMs * 3);
  });

  it('can be paused, resumed, tried again and asked for what failed on any of them', async () => {
    const [a, b] = nodes as [RunNode, RunNode];
    const run = await a.upload(file(rowsMax));
    await advanced(run, 1);
    await b.act('pause', run);
    await b.act('resume', run);
    await finished(run);
    expectOnce(run, rowsMax);
    const failed = await b.failedFile(run);
    expect(failed).toBe(await a.failedFile(run));
    expect(failed.trimEnd().split('\n')).toHaveLength(refusedOf(rowsMax) + 1);
    await b.act('retry', run);
    await until('the retry is over', () => ofRun(run, 'RunFinished').length > 1);
    expect(ofRun(run, 'RunFinished').at(-1)?.data['counts']).toMatchObject({ refused: refusedOf(rowsMax) });
    expect(claimants(run)).toEqual(['a', 'b']);
  });

  it('whose file was changed in the log is not gone on with', async () => {
    const [a, b] = nodes as [RunNode, RunNode];
    const run = await a.upload(file(10));
    await finished(run);
    const [event] = log.recorded.filter(({ type }) => type === 'FileKept');
    for (const gzip of [gzipSync('another file').toString('base64'), 'no gzip']) {
      Object.assign(event!.data, { gzip });
      await expect(b.failedFile(run)).rejects.toThrow(/^the log holds something else than the file /);
    }
    expect(readdirSync(join(b.folder, 'files')).filter((name) => name.endsWith('.csv'))).toEqual([]);
  });
});

it('a file that two nodes are sent at once is kept once, and larger ones in pieces', async () => {
  const text = file(10);
  const large = file(20_000, 'large');
  const [a, b] = nodes as [RunNode, RunNode];
  await Promise.all([a.upload(text), b.upload(text)]);
  const [one, other] = await Promise.all([a.upload(large), b.upload(large)]);
  const kept = log.recorded.filter(({ type }) => type === 'FileKept').map(({ data }) => data);
  const bytes = new Map<unknown, number>();
  for (const { sha256, from, bytes: n } of kept) {
    expect(from).toBe(bytes.get(sha256) ?? 0);
    bytes.set(sha256, Number(from) + Number(n));
  }
  expect([...bytes.values()]).toEqual([Buffer.byteLength(text), Buffer.byteLength(large)]);
  for (const run of [one, other]) for (const node of nodes) await node.act('stop', run).catch(() => undefined);
});
