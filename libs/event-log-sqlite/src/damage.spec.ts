import { readFile, truncate, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import { LogUnavailable, LogUnusable } from '#event-log';
import { appendNew, everything, freshFolder } from '../test/given.js';

describe('a damaged file', () => {
  const folder = freshFolder();

  const written = async (events: number): Promise<void> => {
    const log = await folder.open();
    await Promise.all(
      Array.from({ length: events }, (_, n) => appendNew(log, { n, text: 'Алиса '.repeat(50) }, `user-${n}`)),
    );
    await log.close();
  };

  const change = (sql: string): void => {
    const db = new Database(folder.file());
    db.exec(sql);
    db.close();
  };

  const readFails = async (message: RegExp): Promise<void> => {
    const log = await folder.open();
    const error = await everything(log).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LogUnavailable);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    await log.close();
  };

  test('given a byte of an event has changed, then reading it is an error that names its position', async () => {
    await written(300);
    const bytes = await readFile(folder.file());
    const at = bytes.indexOf('"n":150,');
    bytes[at + 4] = 0x39;
    await writeFile(folder.file(), bytes);
    await readFails(/corrupt at position 151: its checksum does not match; restore .* from a backup/);
  });

  test('given a byte has changed, then events before it are still read', async () => {
    await written(3000);
    change(`update events set event = replace(event, '"n":2500,', '"n":2501,') where position = 2501`);
    const log = await folder.open();
    let pages = 0;
    const reading = (async () => {
      for await (const _ of log.readAll(-1n)) pages++;
    })();
    await expect(reading).rejects.toThrow(/position 2501/);
    expect(pages).toBeGreaterThan(0);
  });

  test('given pages in the middle of the file are overwritten, then reading is an error', async () => {
    await written(1000);
    const bytes = await readFile(folder.file());
    const middle = (bytes.length >> 13) * 4096;
    bytes.fill(0xa5, middle, middle + 3 * 4096);
    await writeFile(folder.file(), bytes);
    await readFails(/corrupt at position \d+/);
  });

  test('given an event is missing, then reading the log and its stream is an error, never a gap', async () => {
    const log = await folder.open();
    for (const expect of ['no-stream', 0n, 1n] as const)
      await log.append(
        [{ stream: 'user-a', id: crypto.randomUUID(), type: 'UserHomed', schemaVersion: 1, data: '{}', meta: '{}' }],
        [{ stream: 'user-a', expect }],
      );
    await log.close();
    change('delete from events where position = 2');
    await readFails(/position 2: the event is missing/);
    const again = await folder.open();
    const pages = again.readStream('user-a')[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toThrow(/stream user-a at revision 1: revision 1 is missing/);
  });

  test('given one of many streams that are read at once is damaged, then reading that one alone is an error', async () => {
    await written(40);
    change(`update events set event = replace(event, '"n":7,', '"n":8,') where stream = 'user-7'`);
    const log = await folder.open();
    const read = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => log.readStream(`user-${n}`)[Symbol.asyncIterator]().next()),
    );
    expect(read.flatMap(({ status }, n) => (status === 'rejected' ? n : []))).toEqual([7]);
    expect(read[7]).toMatchObject({ reason: { message: expect.stringMatching(/position 8: its checksum/) } });
    await log.close();
  });

  test('given pages are overwritten, then of many streams read at once those fail that fail alone', async () => {
    await written(1000);
    const bytes = await readFile(folder.file());
    const middle = (bytes.length >> 13) * 4096;
    bytes.fill(0xa5, middle, middle + 4096);
    await writeFile(folder.file(), bytes);
    const log = await folder.open();
    const first = async (n: number): Promise<string> => {
      try {
        for await (const events of log.readStream(`user-${n}`)) return `${events.length} events`;
        return 'none';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const together = await Promise.all(Array.from({ length: 1000 }, (_, n) => first(n)));
    const alone: string[] = [];
    for (let n = 0; n < 1000; n++) alone.push(await first(n));
    expect(together).toEqual(alone);
    expect(together).toContain('1 events');
    expect(together).toContainEqual(expect.stringContaining('is corrupt'));
    await log.close();
  });

  test('given an event is stored under another stream, then reading is an error', async () => {
    await written(3);
    change(`update events set stream = 'user-x' where position = 2`);
    await readFails(/position 2: it is stored as user-x@0 and says user-1@0/);
  });

  test('given text that is no event but has its checksum, then reading is an error', async () => {
    await written(3);
    change(`update events set event = 'no json', crc = ${crc32('no json')} where position = 2`);
    await readFails(/position 2: it is no event/);
  });

  test('given the last event is damaged, then the log does not open', async () => {
    await written(3);
    change(`update events set crc = crc + 1 where position = 3`);
    await expect(folder.open()).rejects.toThrow(LogUnusable);
    await expect(folder.open()).rejects.toThrow(/position 3/);
  });

  test.each([
    ['cut in half', async (file: string) => truncate(file, ((await readFile(file)).length >> 13) * 4096)],
    ['no database', (file: string) => writeFile(file, 'users,pools\n'.repeat(1000))],
    ['a few bytes', (file: string) => writeFile(file, 'SQLite format 3')],
    ['overwritten at its beginning', async (file: string) => writeFile(file, (await readFile(file)).fill(0, 0, 8192))],
  ])('a file that is %s does not open, and one line tells why', async (_, damage) => {
    await written(500);
    await damage(folder.file());
    const error = await folder.open().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LogUnusable);
    expect((error as Error).message).toContain(folder.file());
    expect((error as Error).message).not.toContain('\n');
    // The lock is free again.
    await expect(folder.open()).rejects.toThrow(/events\.db is no event log or damaged/);
  });

  test('a file of 0 bytes does not open as if there had never been a log', async () => {
    await written(3);
    await truncate(folder.file(), 0);
    await expect(folder.open()).rejects.toThrow(/events\.db is empty: it was cut off; restore it from a backup/);
  });

  test('a database of another program and a folder that is not there are told', async () => {
    const other = new Database(folder.file('other.db'));
    other.exec('create table invoices (id integer primary key)');
    other.close();
    await expect(folder.open({ file: folder.file('other.db') })).rejects.toThrow(
      /other\.db is a database of another program/,
    );
    await expect(folder.open({ file: folder.file('none/events.db') })).rejects.toThrow(/none does not exist/);
  });
});
