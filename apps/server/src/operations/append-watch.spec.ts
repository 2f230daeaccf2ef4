import { type EventLog, LogMisuse, LogUnavailable } from '#event-log';
import type { Views } from '#views';
import { AppendWatch } from './append-watch.js';
import { readiness } from './readiness.js';

const full = new LogUnavailable('no space left for events.db', 10);
const views = { statuses: () => Promise.resolve([]) } as unknown as Views;

test('a log that takes nothing is not ready, until it takes something again', async () => {
  let trouble: Error | undefined;
  const watch = new AppendWatch();
  const log = watch.over({
    head: () => Promise.resolve(7n),
    append: () => (trouble ? Promise.reject(trouble) : Promise.resolve({ positions: [] })),
  } as unknown as EventLog);
  const ready = async () => {
    const { status, log: told } = await readiness(log, watch, views, { state: 'idle', due: 0 });
    return { status, log: told };
  };
  const open = { status: 'ready', log: { state: 'open' } };
  expect(await ready()).toEqual(open);
  trouble = full;
  await expect(log.append([], [])).rejects.toBe(full);
  expect(await ready()).toEqual({ status: 'failed', log: { state: 'failing', detail: 'no space left for events.db' } });
  trouble = undefined;
  await log.append([], []);
  expect(await ready()).toEqual(open);
  trouble = new LogMisuse('a bug of the caller says nothing about the log');
  await expect(log.append([], [])).rejects.toBe(trouble);
  expect(await ready()).toEqual(open);
});

test('what nobody has tried again for long is not known, and does not keep a server out of service', async () => {
  const watch = new AppendWatch();
  const log = watch.over({ append: () => Promise.reject(full) } as unknown as EventLog);
  await expect(log.append([], [])).rejects.toBe(full);
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 4 * 60_000);
  expect(watch.failure).toBe('no space left for events.db');
  clock.mockReturnValue(now + 6 * 60_000);
  expect(watch.failure).toBeUndefined();
  clock.mockRestore();
});
