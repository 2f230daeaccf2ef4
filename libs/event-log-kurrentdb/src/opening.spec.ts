import { LogUnusable } from '#event-log';
import { openKurrentLog, openKurrentLogReader } from './kurrent-log.js';
import { isKurrentConnection, parseConnection } from './connection.js';
import { all, given, givenServer, until } from '../test/given.js';
import { ScriptedServer } from '../test/scripted-server.js';
import { beforeFirst } from '#event-log';

describe('opening KurrentDB', () => {
  const it = givenServer();
  const opening = (connectionString: string): Promise<unknown> => openKurrentLog({ connectionString, patienceMs: 300 });

  test('given a server that is too old, then one line says so', async () => {
    it.server.isOld = true;
    const failure = opening(it.server.connectionString);
    await expect(failure).rejects.toBeInstanceOf(LogUnusable);
    await expect(failure).rejects.toThrow(/too old .*26\.1/);
  });

  test('given nobody listens, then one line says where', async () => {
    it.server.stop();
    const failure = opening(it.server.connectionString);
    await expect(failure).rejects.toBeInstanceOf(LogUnusable);
    await expect(failure).rejects.toThrow(/^no KurrentDB answers at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)[^\n]*$/);
    await expect(
      openKurrentLogReader({ connectionString: it.server.connectionString, patienceMs: 300 }),
    ).rejects.toBeInstanceOf(LogUnusable);
  });

  test.each([
    ['another scheme', 'postgres://admin:changeit@localhost:5432'],
    ['no host', 'kurrentdb://admin:changeit@'],
    ['an unknown option', 'kurrentdb://admin:changeit@localhost:2113?tsl=false'],
    ['a value that is none', 'kurrentdb://admin:changeit@localhost:2113?tls=changeit'],
    ['followers preferred', 'kurrentdb://admin:changeit@localhost:2113?nodePreference=follower'],
    ['a certificate that is not there', 'kurrentdb://admin:changeit@localhost:2113?tlsCAFile=/none.crt'],
  ])('given %s, then one line says what would be right, without the password', async (_, connectionString) => {
    const failure = opening(connectionString);
    await expect(failure).rejects.toBeInstanceOf(LogUnusable);
    await expect(failure).rejects.toThrow(/^[^\n]{20,200}$/);
    await expect(failure).rejects.not.toThrow(/changeit/);
  });

  test('TLS and credentials are those of the connection string, for every kind of call', async () => {
    const server = await ScriptedServer.start({ tls: true });
    const address = `kurrentdb://ada:s3cret@${server.host}?tlsCaFile=${ScriptedServer.authority}`;
    const log = await openKurrentLog({ connectionString: address });
    const stopping = new AbortController();
    try {
      await given(log, 'user-a', 2);
      for await (const page of log.subscribe(beforeFirst, stopping.signal)) {
        expect(page).toHaveLength(2);
        break;
      }
      const following = (async () => {
        for await (const page of log.subscribe(200n, stopping.signal)) return page;
        return [];
      })();
      await until(() => server.subscribers === 1);
      await given(log, 'user-b');
      expect(await following).toHaveLength(1);
      const basic = new Set([`Basic ${Buffer.from('ada:s3cret').toString('base64')}`]);
      expect(server.authorizations).toEqual({ append: basic, read: basic, subscription: basic });
    } finally {
      stopping.abort();
      await log.close();
      server.stop();
    }
  });

  test('given a certificate that nobody vouches for, then nothing is sent, and one line says where', async () => {
    const server = await ScriptedServer.start({ tls: true });
    const failure = opening(`kurrentdb://ada:s3cret@${server.host}`);
    await expect(failure).rejects.toBeInstanceOf(LogUnusable);
    await expect(failure).rejects.toThrow(
      /^no KurrentDB answers at 127\.0\.0\.1:\d+ \([^\n]*certificate[^\n]*\)[^\n]*$/,
    );
    expect(server.authorizations).toEqual({ append: new Set(), read: new Set(), subscription: new Set() });
    server.stop();
  });

  test('a reader of its own reads and follows what the log writes', async () => {
    await given(it.log, 'user-a', 2);
    const reader = await openKurrentLogReader({ connectionString: it.server.connectionString });
    expect(await all(reader.readAll(beforeFirst))).toHaveLength(2);
    expect(await reader.head()).toBe(200n);
    await reader.close();
    await expect(reader.head()).rejects.toThrow('the event log is closed');
  });

  test('given a cluster of which nothing could be discovered for a while, then everything goes on once it can', async () => {
    const log = await it.open({ connectionString: it.server.clusterString, patienceMs: 1500 });
    await given(log, 'user-a');
    it.server.stop();
    // The first one may still meet the connection that breaks: nobody knows what came of it.
    await expect(given(log, 'user-b')).rejects.toThrow(/^(nothing was written|outcome unknown)/);
    await expect(given(log, 'user-b')).rejects.toThrow(/^nothing was written/);
    for (let n = 0; n < 3; n++) await expect(log.head()).rejects.toThrow(/can't be read/);
    await it.server.listen();
    let written = false;
    let head = beforeFirst;
    for (const end = Date.now() + 15_000; Date.now() < end && !(written && head === 200n);) {
      if (!written)
        written = await given(log, 'user-b').then(
          () => true,
          () => false,
        );
      head = await log.head().catch(() => beforeFirst);
    }
    expect([written, head]).toEqual([true, 200n]);
  });

  test('a new connection for reads looks for the leader at once, unless the connection string says otherwise', () => {
    const { reading, calling } = parseConnection('kurrentdb://one:2113,two:2113?tls=false');
    expect(reading).toMatch(/&discoveryInterval=50&maxDiscoverAttempts=100$/);
    expect(calling).not.toMatch(/discover/i);
    const own = parseConnection('kurrentdb://one:2113?tls=false&discovery_interval=700&gossipTimeout=3');
    for (const text of [own.reading, own.calling]) {
      expect(text).toMatch(/^kurrentdb:\/\/one:2113\?tls=false&discovery_interval=700&gossipTimeout=3&/);
      expect(text).not.toMatch(/discoveryInterval|gossipTimeout=1/);
    }
  });

  test('connection strings are told from other settings', () => {
    for (const text of ['kurrentdb://localhost:2113?tls=false', 'kurrentdb+discover://cluster.contoso.com'])
      expect(isKurrentConnection(text)).toBe(true);
    for (const text of ['sqlite', 'kurrentdb', 'http://localhost:2113']) expect(isKurrentConnection(text)).toBe(false);
  });
});
