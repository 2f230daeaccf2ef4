import { once } from 'node:events';
import { LogUnusable } from '#event-log';
import {
  appendNew,
  everything,
  freshFolder,
  killed,
  printed,
  type Program,
  start,
  startLimited,
  until,
} from '../test/given.js';

describe('one process a file', () => {
  const folder = freshFolder();
  const children: Program[] = [];
  const started = (program: string): Program => {
    const child = start(program, folder.file());
    children.push(child);
    return child;
  };
  afterEach(() => Promise.all(children.splice(0).map(killed)));

  /** What the process was told, and that the log holds it. */
  const acknowledgedBy = async (child: Program): Promise<readonly string[]> => {
    const log = await folder.open();
    const events = await everything(log);
    await log.close();
    const positions = new Map(events.map(({ stream, position }) => [stream, `${position}`]));
    const acknowledged = child.lines.filter((line) => /^(user|pool)-/.test(line)).map((line) => line.split(' '));
    expect(acknowledged.filter(([stream = '', position]) => positions.get(stream) !== position)).toEqual([]);
    // Each append was of two events: none is half there.
    expect(events.length % 2).toBe(0);
    return acknowledged.map(([stream = '']) => stream);
  };

  test('given another process has the log open, then one line tells which; when it is killed, the log opens', async () => {
    const holder = started('hold.mjs');
    await printed(holder, 1);
    const error = await folder.open().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LogUnusable);
    expect((error as Error).message).toMatch(new RegExp(`is in use by process ${holder.pid}; stop that process first`));
    await killed(holder);
    await appendNew(await folder.open());
  });

  test('a second open in the same process is refused, and leaves the first one its lock', async () => {
    const log = await folder.open();
    await expect(folder.open()).rejects.toThrow(`is in use by process ${process.pid};`);
    await appendNew(log);
    const other = started('hold.mjs');
    await printed(other, 1);
    expect(other.lines[0]).toContain(`is in use by process ${process.pid};`);
    await log.close();
    await folder.open();
  }, 20_000);

  test('given a process is killed while it appends, then everything it was told is there, whole and in place', async () => {
    for (const lines of [200, 1500]) {
      const child = started('append-forever.mjs');
      await printed(child, lines);
      await killed(child);
      expect((await acknowledgedBy(child)).length).toBeGreaterThanOrEqual(lines - 1);
    }
  }, 30_000);

  // Windows knows no limit for the size of a process's files.
  const onPosix = process.platform === 'win32' ? test.skip : test;
  onPosix(
    'given the commit fails, then nothing of it is acknowledged, and all that was before is there',
    async () => {
      const child = startLimited(1 << 20, 'append-forever.mjs', folder.file());
      children.push(child);
      const failures = (): string[] => child.lines.filter((line) => line.startsWith('failed'));
      await until(child, () => failures().length >= 24);
      await killed(child);
      expect(failures().filter((line) => !line.startsWith('failed LogUnavailable: nothing was written: '))).toEqual([]);
      expect((await acknowledgedBy(child)).length).toBeGreaterThan(50);
      await appendNew(await folder.open());
    },
    30_000,
  );

  test('a worker thread follows the log through its own reader, live and without gap', async () => {
    const follower = started('follow.mjs');
    await once(follower, 'close');
    const { positions, medianMs } = JSON.parse(follower.lines[0] ?? '{}') as { positions: number[]; medianMs: number };
    expect(positions).toEqual(Array.from({ length: 3000 }, (_, n) => n + 1));
    expect(medianMs).toBeLessThan(250);
  }, 30_000);
});
