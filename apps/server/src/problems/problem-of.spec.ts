import { KeyReused, LogUnavailable, QueueFull, RetriesExhausted } from '#event-log';
import { malformed, Problem, problemKinds } from './problem.js';
import { problemOf } from './problem-of.js';

test.each([
  [new KeyReused('HomeUser'), 'key-reused'],
  [new RetriesExhausted(['pool-a']), 'contended'],
  [new QueueFull('2000 requests wait for user:x'), 'unavailable'],
  [new LogUnavailable('disk full at /data/events.db', 5), 'unavailable'],
  [Object.assign(new Error('not yet'), { name: 'NotReached' }), 'view-behind'],
  [Object.assign(new Error('31 of 90 events so far'), { name: 'ViewNotMade' }), 'view-behind'],
  [Object.assign(new Error('is in the future'), { name: 'FutureMoment' }), 'malformed'],
  [Object.assign(new Error('x'), { code: 'FST_ERR_BAD_URL', statusCode: 400 }), 'malformed'],
  [Object.assign(new Error('x'), { getStatus: () => 415 }), 'unsupported-media-type'],
  [new TypeError('x is not a function'), 'internal'],
  ['thrown text', 'internal'],
])('%s is the problem %s', (error, kind) => {
  expect(problemOf(error).kind).toBe(kind);
});

test('an error from inside tells nothing of the inside, but keeps its cause for the log', () => {
  const inside = new TypeError('Cannot read /secret/path');
  const problem = problemOf(inside);
  expect(problem.cause).toBe(inside);
  expect(JSON.stringify(problem.document('/x'))).not.toContain('secret');
  expect(JSON.stringify(problemOf(new LogUnavailable('disk full at /data', 5)).document('/x'))).not.toContain('/data');
});

test('what can be waited for says how long', () => {
  expect(problemOf(new LogUnavailable('disk full', 4.2)).headers).toEqual({ 'retry-after': '5' });
  expect(problemOf(new LogUnavailable('corrupt', null)).headers).toEqual({ 'retry-after': '30' });
});

test('a document has type, title, status, detail and instance, and one entry per bad field', () => {
  const errors = [
    { field: 'pool', message: 'must be an FQDN' },
    { field: '', message: 'must be an object' },
  ];
  expect(malformed(...errors).document('/api/commands/home-user')).toEqual({
    type: '/problems/malformed',
    title: problemKinds.malformed[1],
    status: 400,
    detail: 'pool must be an FQDN; the body must be an object',
    instance: '/api/commands/home-user',
    errors,
  });
  expect(new Problem('not-found', 'x').document('/'.repeat(600))['instance']).toHaveLength(500);
});
