import { KeyReused } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLog } from './memory-log.js';
import { pauses } from './races/race.js';
import { eventsOf, operator, TestNode } from './rig.js';

const site = { site: 'Redmond' };
const key = (name: string, body: unknown = site) => ({ key: { key: name, body } });
const types = async (log: MemoryLog) => (await eventsOf(log)).map(({ type }) => type);

describe('an Idempotency-Key', () => {
  it('answers a done command again with the same events, and does nothing', async () => {
    const log = new MemoryLog();
    const node = new TestNode(log);
    const first = await node.send('RegisterSite', site, key('k-1'));
    const head = await log.head();
    expect(await node.send('RegisterSite', site, key('k-1'))).toEqual(first);
    expect(first).toMatchObject({
      outcome: 'done',
      events: [{ type: 'SiteRegistered', data: site, stream: 'site-redmond' }],
    });
    expect(await log.head()).toBe(head);
  });

  it('goes on saying done where the fact was undone since', async () => {
    const log = new MemoryLog();
    const node = new TestNode(log);
    await node.send('RegisterSite', site);
    await node.send('RegisterPool', { pool: 'fe.contoso.com', generation: 'lync-2013', site: 'Redmond' });
    const pool = { pool: 'fe.contoso.com' };
    const first = await node.send('SealPool', pool, key('k-1', pool));
    await node.send('UnsealPool', pool);
    expect(await node.send('SealPool', pool, key('k-1', pool))).toEqual(first);
    expect((await types(log)).filter((type) => type === 'PoolSealed')).toHaveLength(1);
  });

  it('goes on saying unchanged where the fact no longer holds', async () => {
    const log = new MemoryLog();
    const node = new TestNode(log);
    const policy = { policy: 'tag:traders' };
    await node.send('CreatePolicy', { ...policy, enabled: true });
    const first = await node.send('EnablePolicy', policy, key('k-1', policy));
    expect(first).toMatchObject({ outcome: 'unchanged', events: [] });
    await node.send('DisablePolicy', policy);
    expect(await node.send('EnablePolicy', policy, key('k-1', policy))).toEqual(first);
    expect(await types(log)).not.toContain('PolicyEnabled');
  });

  it('goes on refusing for the same reasons when they are gone, and audits the refusal once', async () => {
    const log = new MemoryLog();
    const node = new TestNode(log);
    const pool = { pool: 'fe.contoso.com', generation: 'lync-2013', site: 'Redmond' };
    const first = await node.send('RegisterPool', pool, key('k-1', pool));
    await node.send('RegisterSite', site);
    const again = await node.send('RegisterPool', pool, key('k-1', pool));
    expect(first).toMatchObject({ outcome: 'refused', refusals: [{ rule: 'topology.unknown-site' }] });
    expect(again).toMatchObject({ outcome: 'refused' });
    expect('refusals' in again && again.refusals).toEqual('refusals' in first && first.refusals);
    expect((await types(log)).filter((type) => type === 'CommandRefused')).toHaveLength(1);
  });

  it('answers the same after a restart, whatever the answer was', async () => {
    const log = new MemoryLog();
    const before = new TestNode(log);
    const unknown = { pool: 'fe.contoso.com' };
    const sent = [
      ['RegisterSite', site, key('done')],
      ['RegisterSite', site, key('unchanged')],
      ['SealPool', unknown, key('refused', unknown)],
    ] as const;
    const answers = [];
    for (const [command, fields, context] of sent) answers.push(await before.send(command, fields, context));
    expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'unchanged', 'refused']);
    const after = new TestNode(log);
    const head = await log.head();
    for (const [index, [command, fields, context]] of sent.entries()) {
      const { position: _once, ...answer } = answers[index]!;
      expect(await after.send(command, fields, context)).toMatchObject(answer);
    }
    expect(await log.head()).toBe(head);
  });

  it('answers the same from a file that was closed and opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'homeward-keys-'));
    const file = join(folder, 'events.db');
    try {
      const log = await openSqliteLog({ file });
      const first = await new TestNode(log).send('RegisterSite', site, key('k-1'));
      await log.close();
      const reopened = await openSqliteLog({ file });
      expect(await new TestNode(reopened).send('RegisterSite', site, key('k-1'))).toEqual(first);
      await reopened.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([1, 2])('does one thing for 50 parallel sends on %i node(s)', async (nodeCount) => {
    const log = new MemoryLog({ pause: pauses(nodeCount) });
    const nodes = Array.from({ length: nodeCount }, () => new TestNode(log));
    await nodes[0]!.send('RegisterSite', site);
    const user = { user: 'sip:alice@contoso.com' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => nodes[index % nodeCount]!.send('EnrolUser', user, key('k-1', user))),
    );
    expect(
      new Set(
        answers.map((answer) =>
          JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
        ),
      ).size,
    ).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: 'done' });
    expect((await types(log)).filter((type) => type === 'UserEnrolled' || type === 'KeyAnswered')).toHaveLength(2);
  });

  it('audits one refusal for 50 parallel sends', async () => {
    const log = new MemoryLog({ pause: pauses(3) });
    const node = new TestNode(log);
    const user = { user: 'sip:nobody@contoso.com' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => node.send('RetireUser', user, key('k-1', user))),
    );
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
    expect((await types(log)).filter((type) => type === 'CommandRefused')).toHaveLength(1);
  });

  it('is refused for another body or another command', async () => {
    const node = new TestNode(new MemoryLog());
    await node.send('RegisterSite', site, key('k-1'));
    await expect(node.send('RegisterSite', { site: 'Dublin' }, key('k-1', { site: 'Dublin' }))).rejects.toThrow(
      KeyReused,
    );
    const user = { user: 'sip:alice@contoso.com' };
    await expect(node.send('EnrolUser', user, key('k-1', site))).rejects.toThrow(KeyReused);
  });

  it('takes a body for equal whatever the order of its members', async () => {
    const node = new TestNode(new MemoryLog());
    const fields = { policy: 'tag:traders', enabled: true };
    const first = await node.send('CreatePolicy', fields, key('k-1', { policy: 'tag:traders', enabled: true }));
    expect(await node.send('CreatePolicy', fields, key('k-1', { enabled: true, policy: 'tag:traders' }))).toEqual(
      first,
    );
  });

  it("is its token's own", async () => {
    const log = new MemoryLog();
    const node = new TestNode(log);
    await node.send('RegisterSite', site, key('k-1'));
    const dublin = { site: 'Dublin' };
    const other = { ...key('k-1', dublin), actor: { ...operator, id: 'token-2' } };
    expect(await node.send('RegisterSite', dublin, other)).toMatchObject({ outcome: 'done' });
    expect((await types(log)).filter((type) => type === 'SiteRegistered')).toHaveLength(2);
  });
});
