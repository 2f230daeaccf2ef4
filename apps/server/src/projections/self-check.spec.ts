import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RebuildStatus, RebuildUnderWay, Views } from '#views';
import { createLogger } from '../operations/logger.js';
import { msUntil, SelfCheck } from './self-check.js';
import { SelfCheckFile } from './self-check-file.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'homeward-self-check-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What comparing a projection comes to: the same or not, not possible, or no end. */
type Found = boolean | Error | 'no end';

/** Views of which each projection compares as told. */
function viewsThat(found: Readonly<Record<string, Found>>, underWay?: string) {
  const compared: string[] = [];
  const comparisonOf = (projection: string): RebuildUnderWay => ({
    ended: () => (found[projection] === 'no end' ? new Promise(() => undefined) : Promise.resolve()),
    statuses: () => [{ projection, verdict: { same: found[projection], tables: [] } } as unknown as RebuildStatus],
  });
  const views = {
    names: Object.keys(found),
    comparison: (name: string) => (name === underWay ? comparisonOf(name) : undefined),
    rebuild: ([name = '']: readonly string[]) => {
      compared.push(name);
      const comes = found[name];
      return comes instanceof Error ? Promise.reject(comes) : Promise.resolve(comparisonOf(name));
    },
  } as unknown as Views;
  return { views, compared };
}
const silent = createLogger('silent');
const checkOf = (views: Views): SelfCheck => new SelfCheck(views, silent, new SelfCheckFile(folder));
const at = { hour: 3, minute: 0 };

/** Waits for what has to come. */
async function until(right: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !right(); tries++) await sleep(2);
  expect(right()).toBe(true);
}

test('tells which projections differ, and which could not be compared', async () => {
  const { views } = viewsThat({ users: true, content: false, runs: new Error('being rebuilt') });
  const check = checkOf(views);
  expect(check.last).toBeUndefined();
  await check.run();
  expect(check.last).toMatchObject({ same: false, differing: ['content'], notCompared: ['runs'] });
});

test('all the same is told as such, also by the next start', async () => {
  const { views } = viewsThat({ users: true, content: true });
  const found = await checkOf(views).run();
  expect(found).toMatchObject({ same: true, differing: [], notCompared: [] });
  expect(checkOf(views).last).toEqual(found);
});

describe('a check that was cut off', () => {
  /** Two of four projections are compared, the third is being. */
  async function cutOff(): Promise<void> {
    const { views, compared } = viewsThat({ moments: true, users: false, content: 'no end', runs: true });
    void checkOf(views).run();
    await until(() => compared.length === 3);
  }

  test('goes on with the next start, from the projection that it was at', async () => {
    await cutOff();
    const { views, compared } = viewsThat({ moments: true, users: true, content: true, runs: true });
    const check = checkOf(views);
    const told = jest.spyOn(silent, 'warn');
    check.begin(at);
    await until(() => check.last !== undefined);
    check.close();
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ alike: ['moments'] }),
      expect.stringMatching(/cut off/),
    );
    expect(compared).toEqual(['content', 'runs']);
    expect(check.last).toMatchObject({ same: false, differing: ['users'], notCompared: [] });
    expect(Date.parse(check.last!.startedAt)).toBeLessThan(Date.parse(check.last!.finishedAt));
  });

  test('takes the verdict of the comparison that the views go on with by themselves', async () => {
    await cutOff();
    const { views, compared } = viewsThat({ moments: true, users: true, content: false, runs: true }, 'content');
    const check = checkOf(views);
    check.begin(at);
    await until(() => check.last !== undefined);
    check.close();
    expect(compared).toEqual(['runs']);
    expect(check.last).toMatchObject({ differing: ['users', 'content'] });
  });

  test('is told where none is to follow', async () => {
    await cutOff();
    const { views, compared } = viewsThat({ moments: true });
    const told = jest.spyOn(silent, 'warn');
    checkOf(views).begin(undefined);
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ alike: ['moments'] }),
      expect.stringMatching(/cut off/),
    );
    expect(compared).toEqual([]);
  });
});

test.each(['', '{', 'null', '[]'])('a record of which %j is left is none', (text) => {
  writeFileSync(join(folder, 'views-self-check.json'), text);
  expect(checkOf(viewsThat({}).views).last).toBeUndefined();
});

test.each([
  ['2026-03-01T02:00:00', 3600_000],
  ['2026-03-01T03:00:00', 24 * 3600_000],
  ['2026-03-01T03:00:01', 24 * 3600_000 - 1000],
])('at %s the next 03:00 is %d ms away', (now, ms) => {
  expect(msUntil(at, new Date(now))).toBe(ms);
});

test('runs at its time, day after day, until it is closed', async () => {
  jest.useFakeTimers({
    now: new Date('2026-03-01T02:59:59'),
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'],
  });
  const check = checkOf(viewsThat({ users: true }).views);
  const run = jest.spyOn(check, 'run');
  check.begin(at);
  for (const times of [1, 2, 3]) {
    await jest.advanceTimersByTimeAsync(times === 1 ? 1000 : 24 * 3600_000);
    expect(run).toHaveBeenCalledTimes(times);
  }
  check.close();
  await jest.advanceTimersByTimeAsync(24 * 3600_000);
  expect(run).toHaveBeenCalledTimes(3);
  jest.useRealTimers();
  await sleep(0);
});
