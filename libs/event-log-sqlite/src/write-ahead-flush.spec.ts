import { beforeFirst, LogUnavailable } from '#event-log';
import { appendNew, everything, freshFolder, recordFor } from '../test/given.js';
import { openSqliteLogReader } from './sqlite-log-reader.js';

/** A disk that confirms when it is told to. */
class Disk {
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  readonly flush = (): Promise<void> => new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));

  get flushes(): number {
    return this.waiting.length;
  }

  async confirm(): Promise<void> {
    (await this.next()).resolve();
  }

  async refuse(): Promise<void> {
    (await this.next()).reject(new Error('EIO: i/o error, fdatasync'));
  }

  private async next(): Promise<{ resolve: () => void; reject: (error: Error) => void }> {
    for (let turn = 0; turn < 100; turn++) {
      const next = this.waiting.shift();
      if (next) return next;
      await turned();
    }
    throw new Error('nothing was to be flushed');
  }
}

/** After what is on its way in this thread. */
async function turned(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}

async function isAnswered(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await turned();
  const settled = promise.then(
    () => true,
    () => true,
  );
  return (await Promise.race([settled, Promise.resolve(pending)])) !== pending;
}

describe('an append and the disk', () => {
  const folder = freshFolder();

  test('until the disk has confirmed it, an append is not answered and nobody reads it, on no thread', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const reader = await openSqliteLogReader({ file: folder.file(), signal: log.headSignal });
    const appended = appendNew(log, {}, 'user-a');
    expect(await isAnswered(appended)).toBe(false);
    for (const each of [log, reader]) {
      expect(await each.head()).toBe(beforeFirst);
      expect(await everything(each)).toEqual([]);
      expect(await each.readStream('user-a')[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
    }
    await disk.confirm();
    expect((await appended).positions).toEqual([1n]);
    for (const each of [log, reader]) {
      expect(await each.head()).toBe(1n);
      expect(await everything(each)).toHaveLength(1);
    }
    await reader.close();
  });

  test('a conflict with what is on its way is answered after that is on disk, so that who reads again sees it', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log, {}, 'user-a');
    await turned();
    const rival = log.append([recordFor('user-a')], [{ stream: 'user-a', expect: 'no-stream' }]);
    expect(await isAnswered(rival)).toBe(false);
    await disk.confirm();
    await first;
    expect(await rival).toEqual({ conflicts: [{ stream: 'user-a', expect: 'no-stream', actual: 0n }] });
    expect(await everything(log)).toHaveLength(1);
    expect(disk.flushes).toBe(0);
  });

  test('what is written during a flush waits for the next one, and that takes all of it along', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log, {}, 'user-a');
    await turned();
    const second = appendNew(log, {}, 'user-b');
    await turned();
    const third = log.append([recordFor('user-b')], [{ stream: 'user-b', expect: 0n }]);
    await turned();
    expect(disk.flushes).toBe(1);
    await disk.confirm();
    await first;
    expect([await isAnswered(second), await isAnswered(third)]).toEqual([false, false]);
    await disk.confirm();
    expect((await second).positions).toEqual([2n]);
    expect((await third).conflicts).toBeUndefined();
    expect(disk.flushes).toBe(0);
  });

  test('a read of what is on its way does not make the log forget it', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log, {}, 'user-a');
    await disk.confirm();
    await first;
    const second = log.append([recordFor('user-a')], [{ stream: 'user-a', expect: 0n }]);
    await turned();
    // Not written: SQLite refuses the second of them, and what was remembered of streams is given up.
    const { db } = log as unknown as { db: { pragma(sql: string): unknown } };
    db.pragma('max_page_count = 1');
    const large = log.append(
      [recordFor('user-large', { text: 'x'.repeat(1 << 19) })],
      [{ stream: 'user-large', expect: 'no-stream' }],
    );
    await expect(large).rejects.toThrow('no space left');
    db.pragma('max_page_count = 1000000');
    for await (const events of log.readStream('user-a')) expect(events).toHaveLength(1);
    const third = log.append([recordFor('user-a')], [{ stream: 'user-a', expect: 1n }]);
    await turned();
    await disk.confirm();
    await second;
    await disk.confirm();
    expect(await third).toMatchObject({ revisions: [2n] });
  });

  test('given a disk that does not confirm, then nothing is acknowledged, then or later, until a start finds out what is there', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log, {}, 'user-a');
    await turned();
    const meanwhile = appendNew(log, {}, 'user-b');
    await turned();
    await disk.refuse();
    for (const each of [first, meanwhile, appendNew(log, {}, 'user-c')]) {
      const error: unknown = await each.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LogUnavailable);
      expect(error).toMatchObject({
        message: expect.stringContaining('the disk did not confirm'),
        mayBeRecorded: true,
        retryAfterSeconds: null,
      });
    }
    expect(await everything(log)).toEqual([]);
    await log.close();
    // The file system had taken them, so they are there: the answers said that they may be.
    const again = await folder.open();
    expect((await everything(again)).map(({ stream }) => stream)).toEqual(['user-a', 'user-b']);
  });

  test('when the log is closed during a flush, then what waits is answered first', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log);
    await turned();
    const second = appendNew(log);
    const closed = log.close();
    await disk.confirm();
    await disk.confirm();
    expect((await first).positions).toEqual([1n]);
    expect((await second).positions).toEqual([2n]);
    await closed;
  });
});
