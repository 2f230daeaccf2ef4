import type { Transaction } from '#kernel';
import { poolStream } from '#topology';
import { MemoryLog } from './memory-log.js';
import { eventsOf, operator, TestNode } from './rig.js';

const site = { site: 'Redmond' };
const pool = { pool: 'fe.contoso.com' };
const user = { user: 'sip:alice@contoso.com' };

/** Two nodes that have the pool and the user in memory. */
async function twoNodes() {
  const log = new MemoryLog();
  const [a, b] = [new TestNode(log, { sharedLog: true }), new TestNode(log, { sharedLog: true })];
  await a.send('RegisterSite', site);
  await a.send('RegisterPool', { ...pool, generation: 'lync-2013', ...site });
  await a.send('EnrolUser', user);
  for (const node of [a, b]) await node.plan('HomeUser', { ...user, ...pool });
  return { log, a, b };
}

describe('two nodes on one log', () => {
  it('refuse for what holds, not for what one of them remembers', async () => {
    const { log, a, b } = await twoNodes();
    await a.send('SealPool', pool);
    await b.send('UnsealPool', pool);
    expect(await a.send('HomeUser', { ...user, ...pool })).toMatchObject({ outcome: 'done' });
    expect((await eventsOf(log)).map(({ type }) => type)).not.toContain('CommandRefused');
  });

  it('say unchanged only where nothing has to change', async () => {
    const { a, b } = await twoNodes();
    await a.send('SealPool', pool);
    await b.send('UnsealPool', pool);
    expect(await a.send('SealPool', pool)).toMatchObject({ outcome: 'done', events: [{ type: 'PoolSealed' }] });
    expect(await b.send('SealPool', pool)).toMatchObject({ outcome: 'unchanged' });
  });

  it('plan from what holds, whatever the plan says', async () => {
    const { a, b } = await twoNodes();
    await a.send('SealPool', pool);
    expect(await b.plan('HomeUser', { ...user, ...pool })).toMatchObject({ outcome: 'refused' });
    expect(await b.plan('SealPool', pool)).toMatchObject({ outcome: 'unchanged' });
    await b.send('UnsealPool', pool);
    expect(await a.plan('HomeUser', { ...user, ...pool })).toMatchObject({ outcome: 'done' });
    expect(await a.plan('SealPool', pool)).toMatchObject({ outcome: 'done' });
  });

  it('answer with a key from what holds, and both the same ever after', async () => {
    const { a, b } = await twoNodes();
    await a.send('SealPool', pool);
    await b.send('UnsealPool', pool);
    const key = (key: string) => ({ key: { key, body: pool } });
    const first = await a.send('SealPool', pool, key('k-1'));
    expect(first).toMatchObject({ outcome: 'done' });
    await a.send('UnsealPool', pool);
    expect(await b.send('SealPool', pool, key('k-1'))).toEqual(first);
  });

  it('read outside of commands what the other has written', async () => {
    const { a, b } = await twoNodes();
    await a.send('SealPool', pool);
    expect(await a.shell.begin(operator, true).load(poolStream(pool.pool))).toMatchObject({ status: 'sealed' });
    await b.send('UnsealPool', pool);
    expect(await a.shell.begin(operator, true).load(poolStream(pool.pool))).toMatchObject({ status: 'active' });
  });

  it('take nothing for settled in a batch that has nothing to add', async () => {
    const { a, b } = await twoNodes();
    await a.send('SealPool', pool);
    await b.send('UnsealPool', pool);
    const { value } = await a.shell.batch(operator, async (unit) => (await unit.load(poolStream(pool.pool)))?.status);
    expect(value).toBe('active');
  });
});

test.each([
  ['with others on its log', true],
  ['alone on its log', false],
])('a node %s reads at once what a batch will read', async (_, sharedLog) => {
  const log = new MemoryLog({ pause: () => new Promise((resolve) => setImmediate(resolve)) });
  const node = new TestNode(log, { sharedLog });
  let [reading, most] = [0, 0];
  const readStream = log.readStream.bind(log);
  const read = jest.spyOn(log, 'readStream').mockImplementation(async function* reads(stream, from) {
    most = Math.max(most, ++reading);
    yield* readStream(stream, from);
    reading--;
  });
  const pools = ['a', 'b', 'c'].map((name) => poolStream(`${name}.contoso.com`));
  const refusing = (): Promise<never> => Promise.reject(new Error('this one can not be asked ahead'));
  await node.shell.batch(operator, async (unit) => {
    await unit.readAhead([...pools.map((each) => async (tx: Transaction) => tx.load(each)), refusing]);
    expect(most).toBe(3);
    const calls = read.mock.calls.length;
    for (const each of pools) expect(await unit.load(each)).toBeNull();
    expect(read.mock.calls.length - calls).toBe(0);
  });
});

test('a node alone on its log looks nothing up twice', async () => {
  const log = new MemoryLog();
  const node = new TestNode(log);
  await node.send('RegisterSite', site);
  const read = jest.spyOn(log, 'readStream');
  expect(await node.send('RegisterSite', site)).toMatchObject({ outcome: 'unchanged' });
  expect(await node.plan('RegisterSite', site)).toMatchObject({ outcome: 'unchanged' });
  expect(read).not.toHaveBeenCalled();
});

test('an id that is longer than the name of a stream may be is stored under its hash, and found again', async () => {
  const log = new MemoryLog();
  const policy = `tag:${'Ж'.repeat(3996)}`;
  await new TestNode(log).send('CreatePolicy', { policy, enabled: true });
  const [event] = await eventsOf(log);
  expect(event).toMatchObject({ stream: expect.stringMatching(/^policy-[0-9a-f]{64}$/), data: { policy } });
  const again = { policy: policy.toLowerCase(), enabled: true };
  expect(await new TestNode(log).send('CreatePolicy', again)).toMatchObject({ outcome: 'unchanged' });
});
