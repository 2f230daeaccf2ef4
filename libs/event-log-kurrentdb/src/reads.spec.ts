import { status } from '@grpc/grpc-js';
import { beforeFirst, LogUnavailable } from '#event-log';
import { all, expectNew, given, givenServer, recordFor } from '../test/given.js';

describe('a read from KurrentDB', () => {
  const it = givenServer();
  const stream = 'user-a';

  test('given what others and the server itself have written, then it is passed over', async () => {
    it.server.foreign('$settings', '{"a":1}', '$metadata');
    await given(it.log, stream);
    it.server.foreign('order-17', '{"total":9}');
    it.server.foreign('order-18', '\u0000\u0001');
    await given(it.log, 'user-b');
    it.server.foreign('$stats', '{}');
    expect((await all(it.log.readAll(beforeFirst))).map(({ stream }) => stream)).toEqual([stream, 'user-b']);
    expect(await it.log.head()).toBe(500n);
  });

  test('given nothing of ours, then the head is before the first, however much is there', async () => {
    for (let n = 0; n < 200; n++) it.server.foreign(`order-${n}`);
    expect(await it.log.head()).toBe(beforeFirst);
    expect(await all(it.log.readAll(beforeFirst))).toEqual([]);
    const { positions } = await given(it.log, stream);
    for (let n = 0; n < 200; n++) it.server.foreign(`order-${n}`);
    expect(await it.log.head()).toBe(positions[0]);
  });

  test('the log is read over several requests and pages, each event once', async () => {
    for (let n = 0; n < 11; n++) await given(it.log, `user-${n}`, 500);
    const pages: number[] = [];
    let last = beforeFirst;
    for await (const page of it.log.readAll(beforeFirst)) {
      for (const { position } of page) {
        expect(position).toBeGreaterThan(last);
        last = position;
      }
      pages.push(page.length);
    }
    expect(pages.reduce((sum, length) => sum + length)).toBe(5500);
    expect(Math.max(...pages)).toBeLessThanOrEqual(1000);
  });

  test('given a read that the node breaks off, then it goes on where it stopped', async () => {
    await given(it.log, stream, 3);
    it.server.reads.push({ code: status.UNAVAILABLE, message: 'shutting down' });
    expect(await all(it.log.readStream(stream, 1n))).toHaveLength(2);
    it.server.reads.push('not written, answer lost');
    expect(await all(it.log.readAll(100n))).toHaveLength(2);
  });

  test('given the node is not the leader, then it is asked again, and no client is given up for it', async () => {
    await given(it.log, stream);
    it.server.reads.push({ code: status.NOT_FOUND, message: 'this node is not the leader' });
    expect(await all(it.log.readStream(stream))).toHaveLength(1);
    expect(it.reconnections).toEqual([]);
  });

  test('given the node is silent, then a new client is asked', async () => {
    await given(it.log, stream);
    it.server.reads.push('silence');
    expect(await all(it.log.readStream(stream))).toHaveLength(1);
    expect(it.reconnections).toEqual([{ purpose: 'read', reason: 'no answer within 3.0 s', count: 1 }]);
  });

  test('given no node can be reached, then it is unavailable, and that is said in time', async () => {
    const log = await it.impatient();
    it.server.stop();
    const unavailable = { name: 'LogUnavailable', retryAfterSeconds: expect.any(Number) as number };
    await expect(log.head()).rejects.toMatchObject(unavailable);
    await expect(all(log.readStream(stream))).rejects.toMatchObject(unavailable);
    await expect(all(log.readAll(beforeFirst))).rejects.toMatchObject(unavailable);
    await it.server.listen();
    const again = await it.impatient();
    await given(again, stream);
    expect(await log.head().catch(() => log.head())).toBe(100n);
  });

  const withoutChecksum = '{"homeward":"1"}';

  test('an event of before events had a checksum is read as well', async () => {
    await given(it.log, stream);
    const [event] = await all(it.log.readStream(stream));
    expect(it.server.records[0]?.metadata).toMatch(/"crc32":"[0-9a-f]{1,8}"/);
    it.server.tamper(0, (record) => ({ ...record, metadata: withoutChecksum }));
    const [older] = await all(it.log.readStream(stream));
    expect(older).toEqual({ ...event, meta: event?.meta });
  });

  test.each([
    ['is cut short', (data: Uint8Array) => data.slice(0, -3), undefined, 'its checksum does not match'],
    ['has another letter', (data: Uint8Array) => swapped(data, 'Ольга', 'Алиса'), undefined, 'its checksum'],
    ['without a checksum is cut short', (data: Uint8Array) => data.slice(0, -3), withoutChecksum, 'it is no event'],
    [
      'is another event',
      (data: Uint8Array) => swapped(data, 'user-a', 'user-z'),
      withoutChecksum,
      'stored as user-a@0 and says user-z@0',
    ],
  ])('given an event of ours whose text %s, then the log is corrupt there', async (_, change, metadata, what) => {
    await it.log.append([recordFor(stream, { displayName: 'Ольга' })], [expectNew(stream)]);
    it.server.tamper(0, (record) => ({
      ...record,
      data: change(record.data),
      ...(metadata !== undefined && { metadata }),
    }));
    for (const reading of [it.log.readStream(stream), it.log.readAll(beforeFirst)])
      await expect(all(reading)).rejects.toThrow(
        expect.objectContaining({ message: expect.stringContaining(what) as string, retryAfterSeconds: null }) as Error,
      );
  });

  test('given an event of a later format, then it is said who can read it', async () => {
    await given(it.log, stream);
    it.server.tamper(0, (record) => ({ ...record, metadata: '{"homeward":"2"}' }));
    await expect(all(it.log.readAll(beforeFirst))).rejects.toThrow('has the format "2"; use the program that wrote it');
  });

  test('given another program wrote to a stream of ours, then reading that stream says so', async () => {
    await given(it.log, stream);
    it.server.foreign(stream);
    await expect(all(it.log.readStream(stream))).rejects.toBeInstanceOf(LogUnavailable);
    expect(await all(it.log.readAll(beforeFirst))).toHaveLength(1);
  });

  test('an event is not recorded before one that was seen', async () => {
    await given(it.log, stream);
    const early = await it.open({ clock: () => '2001-01-01T00:00:00.000Z' });
    const [seen] = await all(it.log.readStream(stream));
    const answer = await early.append([recordFor('user-b')], [expectNew('user-b')]);
    expect(answer).toMatchObject({ recordedAt: seen?.recordedAt });
  });
});

function swapped(data: Uint8Array, from: string, to: string): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(data).replace(from, to));
}
