import { beforeFirst, LogUnavailable } from '#event-log';
import { appendNew, everything, freshFolder, recordFor } from '../test/given.js';
import { openSqliteLogReader } from './sqlite-log-reader.js';
import { WriteAheadFlush } from './write-ahead-flush.js';

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

  test('what comes during a flush is written together after it, and is answered after the next one', async () => {
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

  test('a read during a flush does not make the log forget what is on its way', async () => {
    const disk = new Disk();
    const log = await folder.open({ flush: disk.flush });
    const first = appendNew(log, {}, 'user-a');
    await disk.confirm();
    await first;
    const second = log.append([recordFor('user-a')], [{ stream: 'user-a', expect: 0n }]);
    await turned();
    for await (const events of log.readStream('user-a')) expect(events).toHaveLength(1);
    const third = log.append([recordFor('user-a')], [{ stream: 'user-a', expect: 1n }]);
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
    const failures = await Promise.all(
      [first, meanwhile, appendNew(log, {}, 'user-c')].map((each) => each.catch((reason: unknown) => reason)),
    );
    for (const each of failures) {
      expect(each).toBeInstanceOf(LogUnavailable);
      expect(each).toMatchObject({
        message: expect.stringContaining('the disk did not confirm'),
        retryAfterSeconds: null,
      });
    }
    expect(failures.map((each) => (each as LogUnavailable).mayBeRecorded)).toEqual([true, false, false]);
    expect(await everything(log)).toEqual([]);
    await log.close();
    // The file system had taken it, so it is there: the answer said that it may be.
    const again = await folder.open();
    expect((await everything(again)).map(({ stream }) => stream)).toEqual(['user-a']);
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

describe('flushes in place', () => {
  const folder = freshFolder();

  /** How many of so many flushes were in place, of a disk that takes so long for each of them. */
  async function inPlace(flushes: number, tookMs: number): Promise<number> {
    await folder.open();
    let looks = 0;
    const disk = new WriteAheadFlush(folder.file(), undefined, () => tookMs * looks++);
    for (let n = 0; n < flushes; n++) await disk.run();
    disk.close();
    return looks / 2;
  }

  test('are those of a quick disk', async () => {
    expect(await inPlace(100, 0.2)).toBe(100);
  });

  test('are the first few of a slow disk, then one of 256', async () => {
    expect(await inPlace(5 + 2 * 257, 2)).toBe(7);
  });
});
