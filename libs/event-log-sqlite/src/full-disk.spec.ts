import type Database from 'better-sqlite3';
import { LogUnavailable } from '#event-log';
import { appendNew, everything, freshFolder } from '../test/given.js';
import type { SqliteLog } from './sqlite-log.js';

/** SQLite answers a full disk and a reached page limit the same way. */
function limitPages(log: SqliteLog, pages: number): void {
  (log as unknown as { db: Database.Database }).db.pragma(`max_page_count = ${pages}`);
}

describe('a full disk', () => {
  const folder = freshFolder();

  test('given no space, then no append is acknowledged, all that were are there, and it goes on when there is space', async () => {
    const log = await folder.open();
    const acknowledged: bigint[] = [];
    const append = async (): Promise<unknown> => {
      try {
        acknowledged.push(...(await appendNew(log, { blob: 'x'.repeat(2000) })).positions);
        return 'written';
      } catch (error) {
        return error;
      }
    };
    const many = (): Promise<unknown[]> => Promise.all(Array.from({ length: 20 }, append));
    await many();
    limitPages(log, 60);
    const answers = [...(await many()), ...(await many()), ...(await many()), ...(await many())];
    const failures = answers.filter((answer) => answer !== 'written');
    expect(failures.length).toBeGreaterThanOrEqual(20);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(LogUnavailable);
      expect(failure).toMatchObject({ message: expect.stringContaining('no space left'), retryAfterSeconds: 10 });
    }
    expect((await everything(log)).map(({ position }) => position)).toEqual(acknowledged);
    expect(await log.head()).toBe(acknowledged.at(-1));

    limitPages(log, 1_000_000);
    expect(await many()).toEqual(Array.from({ length: 20 }, () => 'written'));
    await log.close();
    const again = await folder.open();
    expect((await everything(again)).map(({ position }) => position)).toEqual(acknowledged);
  });
});
