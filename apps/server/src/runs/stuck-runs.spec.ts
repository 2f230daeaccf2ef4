import { LogUnavailable } from '#event-log';
import { withCauses } from './stuck-runs.js';

const since = '2013-05-03T12:00:00.000Z';
const troubleOf = (run: string) =>
  run === 'r1'
    ? { since, error: new LogUnavailable('disk full', 30) }
    : run === 'r2'
      ? { since, error: 'x' }
      : undefined;
const run = (id: string, state = 'running', stuck: object | null = null) => ({ run: id, state, stuck });

test('a run that cannot go on is stuck, and says why in words that are for its owner', () => {
  expect(withCauses('/api/runs/:run', run('r1'), troubleOf)).toEqual(
    run('r1', 'running', { since, because: expect.stringMatching(/^the event log cannot be read or written now/) }),
  );
  expect(withCauses('/api/runs', { items: [run('r2'), run('r3')], next: null, total: 2 }, troubleOf)).toEqual({
    items: [
      run('r2', 'running', { since, because: 'something is wrong in the server; its log tells of the run' }),
      run('r3'),
    ],
    next: null,
    total: 2,
  });
});

test('one that merely stands still keeps the moment from which on it does', () => {
  const stuck = { since: '2013-05-03T11:59:00.000Z', because: null };
  expect(withCauses('/api/runs/:run', run('r1', 'running', stuck), troubleOf)).toMatchObject({
    stuck: { since: stuck.since, because: expect.any(String) as string },
  });
});

test('a paused run is not stuck, and other views are left as they are', () => {
  expect(withCauses('/api/runs/:run', run('r1', 'paused'), troubleOf)).toEqual(run('r1', 'paused'));
  expect(withCauses('/api/pools', run('r1'), troubleOf)).toEqual(run('r1'));
  expect(withCauses('/api/runs/:run', undefined, troubleOf)).toBeUndefined();
});
