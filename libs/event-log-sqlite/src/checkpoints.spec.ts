import { stat } from 'node:fs/promises';
import { appendNew, everything, freshFolder } from '../test/given.js';

describe('the write-ahead log', () => {
  const folder = freshFolder();

  const bytesOf = async (file: string): Promise<number> => (await stat(file)).size;

  test('given far more is written than it may hold, then it stays bounded, nothing is missing, and closing empties it', async () => {
    const failures: unknown[] = [];
    const log = await folder.open({ onCheckpointFailed: (error) => failures.push(error) });
    const [writers, each, blob] = [10, 100, 'x'.repeat(200_000)];
    const writer = async (): Promise<void> => {
      for (let n = 0; n < each; n++) await appendNew(log, { n, blob });
    };
    await Promise.all(Array.from({ length: writers }, writer));
    expect(failures).toEqual([]);
    const writtenBytes = writers * each * blob.length;
    expect(await bytesOf(`${folder.file()}-wal`)).toBeLessThan(writtenBytes * 0.75);
    await log.close();
    await expect(bytesOf(`${folder.file()}-wal`)).rejects.toThrow('ENOENT');
    expect(await everything(await folder.open())).toHaveLength(writers * each);
  }, 30_000);
});
