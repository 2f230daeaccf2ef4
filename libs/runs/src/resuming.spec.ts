import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventLog, LogUnavailable } from '#event-log';
import { RunStory } from './testing.js';

const users = (count: number): string =>
  [
    'SipAddress,DisplayName,RegistrarPool,PersistentChatPolicy',
    ...Array.from({ length: count }, (_, n) =>
      n % 7 === 3
        ? `u${n}@contoso.com,U,nowhere.contoso.com,`
        : `u${n}@contoso.com,U${n},pool13.contoso.com,${n % 10 ? '' : 'Traders'}`,
    ),
  ].join('\n');

const rowEvents = (told: readonly string[]): string[] => told.toSorted();

/** A log whose process is gone at its nth append of a batch: before it, or after it but before the answer. */
function dies(nth: number, when: 'before' | 'after'): (log: EventLog) => EventLog {
  let batches = 0;
  return (log) =>
    new Proxy(log, {
      get: (target, property) => {
        if (property !== 'append') {
          const value = Reflect.get(target, property) as unknown;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return async (...args: Parameters<EventLog['append']>) => {
          if (!args[0].some(({ type }) => type === 'RunAdvanced')) return target.append(...args);
          batches++;
          if (batches > nth) throw new LogUnavailable('gone', null);
          if (batches === nth && when === 'before') throw new LogUnavailable('gone', null);
          const appended = await target.append(...args);
          if (batches === nth) throw new LogUnavailable('gone', null);
          return appended;
        };
      },
    });
}

const rows = 1100;
const batches = Math.ceil(rows / 250);

describe('a run whose process ends', () => {
  for (const when of ['before', 'after'] as const)
    test.each(Array.from({ length: batches }, (_, n) => n + 1))(
      `${when} batch %i is on disk goes on without losing or repeating a row`,
      async (nth) => {
        const story = await RunStory.begin(dies(nth, when));
        const run = await story.upload(users(rows));
        while (story.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        await story.again();
        const { told, counts, rows: failed } = await story.finished(run);
        const refused = Array.from({ length: rows }, (_, n) => n).filter((n) => n % 7 === 3);
        expect(counts).toEqual({ done: rows - refused.length, unchanged: 0, refused: refused.length, invalid: 0 });
        expect(failed.map(({ line }) => line)).toEqual(refused.map((n) => n + 2));
        expect(rowEvents(told)).toEqual(
          rowEvents(
            Array.from({ length: rows }, (_, n) => {
              const user = `sip:u${n}@contoso.com`;
              if (n % 7 === 3) return ['CommandRefused HomeUser'];
              return [`UserEnrolled ${user}`, `UserHomed ${user}`, ...(n % 10 ? [] : [`PolicyGranted ${user}`])];
            }).flat(),
          ),
        );
        await story.end();
      },
    );
});

test('a run goes on by itself when the log is there again', async () => {
  let down = true;
  const story = await RunStory.begin((log) => {
    const append: EventLog['append'] = async (records, checks) => {
      if (down && records.some(({ type }) => type === 'RunAdvanced')) throw new LogUnavailable('disk full', null);
      return log.append(records, checks);
    };
    return new Proxy(log, {
      get: (target, property) => {
        if (property === 'append') return append;
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  });
  const run = await story.upload(users(10));
  while (story.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  down = false;
  expect((await story.finished(run)).counts.done).toBe(9);
  await story.end();
});

test('a run whose file is gone is stopped and says so', async () => {
  const story = await RunStory.begin(dies(1, 'before'));
  const run = await story.upload(users(10));
  while (story.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await rm(join(story.folder, 'files', `${run}.csv`));
  await story.again();
  await story.finished(run);
  const last = (await story.events()).at(-1);
  expect([last?.type, last?.data['because']]).toEqual(['RunStopped', 'because its file is gone or was changed']);
  await story.end();
});

test('two runs and single commands at once', async () => {
  const story = await RunStory.begin();
  const [one, other] = await Promise.all([
    story.upload(users(600)),
    story.upload(users(600).replaceAll('u', 'v').replace('SipAddress', 'SipAddress')),
  ]);
  for (let n = 0; n < 30; n++) await story.send('RegisterSite', { site: `Site ${n}` });
  expect((await story.finished(one)).counts.done).toBe(514);
  expect((await story.finished(other)).counts.done).toBe(514);
  await story.end();
});

test('batches whose rows are all refused stay within the size of one event', async () => {
  const story = await RunStory.begin();
  const bad = Array.from(
    { length: 1000 },
    (_, n) => `u${n}@contoso.com,${'Ж'.repeat(250)},nowhere-at-all.contoso.com,${'Э'.repeat(200)}`,
  );
  const { run, advanced, counts } = await story.import(
    ['SipAddress,DisplayName,RegistrarPool,PersistentChatPolicy', ...bad].join('\n'),
  );
  expect(counts.refused).toBe(1000);
  for (const { text, stream } of await story.events())
    if (stream === `run-${run}`) expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(advanced.length).toBeGreaterThan(4);
  await story.end();
});
