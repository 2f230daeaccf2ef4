import { setTimeout as sleep } from 'node:timers/promises';
import type { RebuildStatus, Views } from '#views';
import { createLogger } from '../operations/logger.js';
import { msUntil, SelfCheck } from './self-check.js';

/** Views of which each projection compares as told; an error where it cannot be. */
function viewsThat(found: Readonly<Record<string, boolean | Error>>): Views {
  return {
    names: Object.keys(found),
    rebuild: ([name = '']: readonly string[]) => {
      const same = found[name];
      if (same instanceof Error) return Promise.reject(same);
      const status = { verdict: { same, tables: [] } } as unknown as RebuildStatus;
      return Promise.resolve({ ended: () => Promise.resolve(), statuses: () => [status] });
    },
  } as unknown as Views;
}
const silent = createLogger('silent');

test('tells which projections differ, and which could not be compared', async () => {
  const check = new SelfCheck(viewsThat({ users: true, content: false, runs: new Error('being rebuilt') }), silent);
  expect(check.last).toBeUndefined();
  await check.run();
  expect(check.last).toMatchObject({ same: false, differing: ['content'], notCompared: ['runs'] });
});

test('all the same is told as such', async () => {
  const check = new SelfCheck(viewsThat({ users: true, content: true }), silent);
  expect(await check.run()).toMatchObject({ same: true, differing: [], notCompared: [] });
});

test.each([
  ['2026-03-01T02:00:00', 3600_000],
  ['2026-03-01T03:00:00', 24 * 3600_000],
  ['2026-03-01T03:00:01', 24 * 3600_000 - 1000],
])('at %s the next 03:00 is %d ms away', (now, ms) => {
  expect(msUntil({ hour: 3, minute: 0 }, new Date(now))).toBe(ms);
});

test('runs at its time, day after day, until it is closed', async () => {
  jest.useFakeTimers({
    now: new Date('2026-03-01T02:59:59'),
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'],
  });
  const check = new SelfCheck(viewsThat({ users: true }), silent);
  const run = jest.spyOn(check, 'run');
  check.schedule({ hour: 3, minute: 0 });
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
