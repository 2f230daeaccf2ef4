import { actionsFor } from './actions-for.js';

const counts = { done: 1, unchanged: 0, refused: 0, invalid: 0 };
const run = { state: 'done', counts, processed: 1, total: 1 } as const;

test('a run that works or waits can be held up and stopped', () => {
  expect(actionsFor({ ...run, state: 'running' })).toEqual(['pause', 'stop']);
  expect(actionsFor({ ...run, state: 'paused' })).toEqual(['resume', 'stop']);
});

test('only what failed or was skipped can be retried', () => {
  expect(actionsFor(run)).toEqual([]);
  expect(actionsFor({ ...run, counts: { ...counts, refused: 2 } })).toEqual(['retry']);
  expect(actionsFor({ ...run, state: 'stopped', total: 5 })).toEqual(['retry']);
});
