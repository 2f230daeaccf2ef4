import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, LogUnavailable } from '#event-log';
import { RunConflict, UnknownRun } from './errors.js';
import { pat, RunStory, sender } from './testing.js';

let story: RunStory;
afterEach(() => story.end());

const rows = 1200;
const users = Array.from({ length: rows }, (_, n) => `u${n}@contoso.com`);
const enrolments = ['user', ...users].join('\n');
/** Every tenth row names a pool that is not registered yet. */
const homings = [
  'user,pool',
  ...users.map((user, n) => `${user},${n % 10 ? 'pool13.contoso.com' : 'late.contoso.com'}`),
].join('\n');

/** A log that does the next thing once its nth batch is on disk. */
function afterBatch(nth: number, then: () => unknown): (log: EventLog) => EventLog {
  let batches = 0;
  return appending(async (append, ...args) => {
    const appended = await append(...args);
    if (args[0].some(({ type }) => type === 'RunAdvanced') && ++batches === nth) await then();
    return appended;
  });
}

type Append = EventLog['append'];

function appending(with_: (append: Append, ...args: Parameters<Append>) => ReturnType<Append>) {
  return (log: EventLog): EventLog =>
    new Proxy(log, {
      get: (target, property) => {
        if (property === 'append')
          return (...args: Parameters<Append>) => with_((...same) => target.append(...same), ...args);
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
}

/** Sends the enrolments and does something with the run when its first batch is on disk. */
async function during(act: (run: string) => Promise<void>): Promise<string> {
  let run = '';
  let acted: Promise<void> = Promise.resolve();
  story = await RunStory.begin(
    afterBatch(1, () => {
      acted = act(run);
    }),
  );
  // The run's id is known before its first batch is written.
  run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
  await until(async () => (await story.service.stateOf(run))?.state !== 'running');
  await acted;
  return run;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (await holds()) return;
    await sleep(5);
  }
  throw new Error('it does not come to hold');
}

const typesOf = async (run: string): Promise<string[]> =>
  (await story.events()).filter(({ stream }) => stream === `run-${run}`).map(({ type }) => type);
const enrolled = async (): Promise<number> =>
  (await story.events()).filter(({ type }) => type === 'UserEnrolled').length;

describe('a run whose token may act no more', () => {
  test('is paused, says why, and decides no further row', async () => {
    let run = '';
    story = await RunStory.begin(afterBatch(1, () => story.ended.add('token-1')));
    run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
    await until(async () => (await story.service.stateOf(run))?.state === 'paused');
    const paused = (await story.events()).find(({ type }) => type === 'RunPaused');
    expect(paused).toMatchObject({
      data: { because: 'because the token token-1 is revoked' },
      meta: { actor: { id: 'system', via: 'system' }, command: 'PauseRun', causationId: run },
    });
    const before = await enrolled();
    expect(before).toBeLessThan(rows);
    await sleep(50);
    expect(await enrolled()).toBe(before);
  });

  test('is paused when it is taken up after a restart', async () => {
    let run = '';
    story = await RunStory.begin(afterBatch(1, () => void story.service.close()));
    run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
    await story.service.close();
    const before = await enrolled();
    story.ended.add('token-1');
    await story.again();
    await until(async () => (await story.service.stateOf(run))?.state === 'paused');
    expect(await enrolled()).toBe(before);
  });

  test('is resumed by whoever may send its rows, and paused again where somebody else resumes it', async () => {
    let run = '';
    story = await RunStory.begin(afterBatch(1, () => story.ended.add('token-1')));
    run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
    const isPaused = async () => (await story.service.stateOf(run))?.state === 'paused';
    await until(isPaused);
    const before = await enrolled();
    await story.service.act('resume', run, { ...sender, actor: { ...pat, roles: ['approver'] } });
    await until(isPaused);
    expect(await enrolled()).toBe(before);
    await story.act('resume', run);
    expect((await story.finished(run)).counts.done).toBe(rows);
  });
});

describe('a paused run', () => {
  test('stands still after the batch it is in, says who paused it and why, and goes on from there', async () => {
    const run = await during((run) => story.act('pause', run, { reason: 'lunch', ticket: 'CHG-7' }));
    const paused = (await story.events()).find(({ type }) => type === 'RunPaused');
    expect(paused?.meta).toMatchObject({
      actor: { id: pat.id, name: 'Pat', via: 'console' },
      command: 'PauseRun',
      reason: 'lunch',
      ticket: 'CHG-7',
    });
    const before = await enrolled();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rows);
    await sleep(50);
    expect(await enrolled()).toBe(before);
    await story.act('resume', run);
    const { counts } = await story.finished(run);
    expect(counts).toEqual({ done: rows, unchanged: 0, refused: 0, invalid: 0 });
    expect(await enrolled()).toBe(rows);
  });

  test('is still paused after a restart, and goes on when it is told to', async () => {
    const run = await during((run) => story.act('pause', run));
    const before = await enrolled();
    await story.again();
    await sleep(50);
    expect([(await story.service.stateOf(run))?.state, await enrolled()]).toEqual(['paused', before]);
    await story.act('resume', run);
    expect((await story.finished(run)).counts.done).toBe(rows);
  });

  test('that was resumed goes on by itself after a restart', async () => {
    let run = '';
    story = await RunStory.begin(afterBatch(1, () => void story.act('pause', run)));
    run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
    await until(async () => (await story.service.stateOf(run))?.state === 'paused');
    await Promise.all([story.act('resume', run), story.service.close()]);
    await story.again();
    expect((await story.finished(run)).counts.done).toBe(rows);
    expect(await enrolled()).toBe(rows);
  });

  test('that is resumed while its token may act no more goes on as whoever resumes it', async () => {
    const run = await during((run) => story.act('pause', run));
    story.ended.add('token-1');
    await story.act('resume', run, { reason: null, ticket: 'CHG-8' });
    expect((await story.finished(run)).counts.done).toBe(rows);
    const all = await story.events();
    const [resumed] = all.filter(({ type }) => type === 'RunResumed');
    expect(resumed).toMatchObject({ data: { inPlaceOf: 'token-1' }, meta: { actor: { id: pat.id } } });
    const by = (id: string) =>
      all.filter(({ type, meta }) => type === 'UserEnrolled' && meta.actor.id === id).map(({ position }) => position);
    expect(by('token-1').length + by(pat.id).length).toBe(rows);
    expect(by('token-1').every((position) => position < resumed!.position)).toBe(true);
    expect(by(pat.id).every((position) => position > resumed!.position)).toBe(true);
    expect(all.findLast(({ type }) => type === 'UserEnrolled')?.meta).toMatchObject({ ticket: 'CHG-8' });
  });

  test('may be stopped', async () => {
    const run = await during((run) => story.act('pause', run));
    await story.act('stop', run);
    expect((await typesOf(run)).slice(-2)).toEqual(['RunPaused', 'RunStopped']);
    await story.again();
    expect((await story.service.stateOf(run))?.state).toBe('stopped');
  });
});

describe('a stopped run', () => {
  test('skips the rows that are left, and a retry takes them up', async () => {
    const run = await during((run) => story.act('stop', run, { reason: 'wrong file', ticket: null }));
    const stopped = (await story.events()).find(({ type }) => type === 'RunStopped');
    expect([stopped?.data['because'], stopped?.meta.reason]).toEqual(['as asked', 'wrong file']);
    const before = await enrolled();
    await story.again();
    await sleep(50);
    expect(await enrolled()).toBe(before);
    await story.act('retry', run);
    const { counts } = await story.finished(run);
    expect(counts).toEqual({ done: rows, unchanged: 0, refused: 0, invalid: 0 });
    expect(await enrolled()).toBe(rows);
  });
});

describe('a retry', () => {
  async function failedOnce(): Promise<string> {
    story = await RunStory.begin();
    await story.bulk('enrol-user', enrolments);
    const { run, counts } = await story.bulk('home-user', `${homings}\nno address,pool13.contoso.com`);
    expect(counts).toEqual({ done: 1080, unchanged: 0, refused: 120, invalid: 1 });
    return run;
  }

  test('takes the rows that failed and no others, as commands of whoever retries', async () => {
    const run = await failedOnce();
    await story.registerPool('late.contoso.com', 'lync-2013');
    const before = (await story.events()).length;
    await story.act('retry', run, { reason: 'the pool is there now', ticket: 'CHG-8' });
    const { counts, events, rows: failed } = await story.finished(run, before);
    expect(counts).toEqual({ done: 1200, unchanged: 0, refused: 0, invalid: 1 });
    expect(failed.map(({ line }) => line)).toEqual([1202]);
    const homed = events.filter(({ type }) => type === 'UserHomed');
    expect(homed).toHaveLength(120);
    expect(homed[0]?.meta).toMatchObject({ actor: { id: pat.id }, reason: 'the pool is there now', ticket: 'CHG-8' });
    const ids = (await story.events()).filter(({ type }) => type === 'CommandRefused').map(({ stream }) => stream);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('fails what fails again; failed.csv has just that', async () => {
    const run = await failedOnce();
    const first = (await story.failedFile(run)).toString();
    await story.act('retry', run);
    await story.finished(run);
    expect((await story.failedFile(run)).toString()).toBe(first);
    expect(first.split('\n')).toHaveLength(1 + 121 + 1);
  });

  test.each(Array.from({ length: 5 }, (_, n) => n + 1))(
    'of a run that was stopped, whose process ends after batch %i, repeats and loses no row',
    async (nth) => {
      let run = '';
      story = await RunStory.begin();
      await story.bulk('enrol-user', enrolments);
      let acted = Promise.resolve();
      await story.again(
        afterBatch(2, () => {
          acted = story.act('stop', run);
        }),
      );
      run = await story.upload(homings, 'text/csv', 2 ** 20, 'home-user');
      await until(async () => (await story.service.stateOf(run))?.state === 'stopped');
      await acted;
      const { counts: before } = (await story.service.stateOf(run))!;
      expect(before).toMatchObject({ done: 450, refused: 50 });
      let batches = 0;
      await story.again(
        appending(async (append, ...args) => {
          const isBatch = args[0].some(({ type }) => type === 'RunAdvanced');
          if (isBatch && batches >= nth) throw new LogUnavailable('gone', null);
          const appended = await append(...args);
          if (isBatch && ++batches === nth) throw new LogUnavailable('gone', null);
          return appended;
        }),
      );
      await story.registerPool('late.contoso.com', 'lync-2013');
      await story.act('retry', run);
      await until(async () => story.troubles.length > 0 || (await story.service.stateOf(run))?.state === 'done');
      await story.again();
      const { counts } = await story.finished(run);
      expect(counts).toEqual({ done: rows, unchanged: 0, refused: 0, invalid: 0 });
      expect((await story.events()).filter(({ type }) => type === 'UserHomed')).toHaveLength(rows);
    },
  );

  test('that was stopped leaves what it did not reach to the next one', async () => {
    let run = '';
    let acted = Promise.resolve();
    const stopAfterOne = (): ReturnType<typeof afterBatch> =>
      afterBatch(1, () => {
        acted = story.act('stop', run);
      });
    const stopped = async (): Promise<unknown> => {
      await until(async () => (await story.service.stateOf(run))?.state === 'stopped');
      await acted;
      return (await story.service.stateOf(run))?.counts;
    };
    story = await RunStory.begin(stopAfterOne());
    run = await story.upload(enrolments, 'text/csv', 2 ** 20, 'enrol-user');
    expect(await stopped()).toMatchObject({ done: 250 });
    for (const done of [500, 750]) {
      await story.again(stopAfterOne());
      await story.act('retry', run);
      expect(await stopped()).toMatchObject({ done });
    }
    await story.again();
    await story.act('retry', run);
    expect((await story.finished(run)).counts).toMatchObject({ done: rows });
    expect(await enrolled()).toBe(rows);
  });
});

describe('what does not fit how a run stands is a conflict, and nothing is recorded:', () => {
  async function done(file = 'user\na@c.com\n'): Promise<string> {
    story = await RunStory.begin();
    return (await story.bulk('enrol-user', file)).run;
  }

  test.each([
    ['pause', /is done/],
    ['resume', /is done/],
    ['stop', /is done already/],
    ['retry', /nothing to retry/],
  ] as const)('to %s a run that is done', async (action, message) => {
    const run = await done();
    const before = (await story.events()).length;
    const error = await story.act(action, run).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunConflict);
    expect((error as Error).message).toMatch(message);
    expect(await story.events()).toHaveLength(before);
  });

  test('to stop or to pause twice, to resume what runs, to retry what is paused', async () => {
    const run = await during((run) => story.act('pause', run));
    await expect(story.act('pause', run)).rejects.toThrow('the run is paused already');
    await expect(story.act('retry', run)).rejects.toThrow('the run is paused: wait until it is over, or stop it first');
    await story.act('stop', run);
    await expect(story.act('stop', run)).rejects.toThrow('the run is stopped already');
    await expect(story.act('resume', run)).rejects.toThrow(/only a paused one is resumed/);
    await expect(story.act('pause', run)).rejects.toThrow(/nothing to pause/);
  });

  test('to retry what has lost its file', async () => {
    const run = await done('user\nno address\n');
    await rm(join(story.folder, 'files', `${run}.csv`));
    await expect(story.act('retry', run)).rejects.toThrow(/file of the run is not here/);
  });

  test('of two people who retry at once, the second one while the first retry is under way', async () => {
    const run = await done('user\nno address\n');
    const both = await Promise.allSettled([story.act('retry', run), story.act('retry', run)]);
    await until(async () => (await story.service.stateOf(run))?.state === 'done');
    // A pass over one row may be over before the other one asks.
    const retried = both.filter(({ status }) => status === 'fulfilled').length;
    expect(retried).toBeGreaterThan(0);
    const types = (await typesOf(run)).slice(3);
    expect(types).toEqual(Array.from({ length: retried }, () => ['RunRetried', 'RunAdvanced', 'RunFinished']).flat());
  });
});

test.each(['nonsense', '../../etc/passwd', '00000000-0000-0000-0000-000000000000', ''])(
  'a run %p is unknown',
  async (run) => {
    story = await RunStory.begin();
    for (const action of ['pause', 'resume', 'stop', 'retry'] as const)
      await expect(story.act(action, run)).rejects.toBeInstanceOf(UnknownRun);
  },
);

test('a run that cannot go on says why, and may be paused and resumed meanwhile', async () => {
  let down = true;
  story = await RunStory.begin(
    appending(async (append, ...args) => {
      if (down && args[0].some(({ type }) => type === 'RunAdvanced')) throw new LogUnavailable('disk full', null);
      return append(...args);
    }),
  );
  const run = await story.upload('user\na@c.com\n', 'text/csv', 1021, 'enrol-user');
  await until(async () => story.service.troubleOf(run) !== undefined);
  expect(String(story.service.troubleOf(run)?.error)).toContain('disk full');
  await story.act('pause', run);
  down = false;
  await story.act('resume', run);
  expect((await story.finished(run)).counts.done).toBe(1);
  expect(story.service.troubleOf(run)).toBeUndefined();
});
