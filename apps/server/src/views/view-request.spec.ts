import type { AnyView } from './any-view.js';
import { parseMoment, readViewRequest } from './view-request.js';

const text = { schema: { type: 'string' }, description: '', parse: (input: string) => ({ value: input }) };
const list: AnyView = {
  path: '/api/things',
  summary: '',
  kind: 'list',
  item: {},
  parameters: { q: text, actor: { ...text, negatable: true }, deployment: { ...text, required: true } },
};
const read = (query: string, view = list) => readViewRequest(view, {}, `/api/things${query}`);
const fieldsOf = (query: string): string[] => {
  try {
    read(query);
  } catch (error) {
    return ((error as { document(path: string): { errors: { field: string }[] } }).document('/').errors ?? []).map(
      ({ field }) => field,
    );
  }
  return [];
};

test('what is absent is absent; the page has 50', () => {
  expect(read('?deployment=a')).toEqual({ input: { deployment: 'a' }, limit: 50, cursor: undefined });
});

test('what may be negated may be given more than once', () => {
  expect(read('?deployment=a&actor=x&actor=-y&asOf=@7&after=9&limit=500&cursor=c')).toEqual({
    input: {
      deployment: 'a',
      actor: [
        { value: 'x', exclude: false },
        { value: 'y', exclude: true },
      ],
    },
    limit: 500,
    cursor: 'c',
    asOf: { position: 7n },
    after: 9n,
  });
});

test('every bad parameter is named, once', () => {
  expect(fieldsOf('?q=1&q=2&nonsense=1&limit=0&asOf=never&after=-1')).toEqual([
    'q',
    'nonsense',
    'limit',
    'asOf',
    'after',
    'deployment',
  ]);
});

test('a view may mean something of its own by `after`', () => {
  const events: AnyView = { ...list, parameters: { after: text } };
  expect(read('?after=5', events)).toEqual({ input: { after: '5' }, limit: 50, cursor: undefined });
});

test('a path parameter cannot be given in the query', () => {
  const one: AnyView = { ...list, kind: 'one', parameters: { q: text } };
  expect(readViewRequest(one, { q: 'x' }, '/api/things/x').input).toEqual({ q: 'x' });
  expect(() => readViewRequest(one, { q: 'x' }, '/api/things/x?q=y')).toThrow(/not a parameter/);
  expect(() => readViewRequest(one, { q: 'x' }, '/api/things/x?limit=1')).toThrow(/not a parameter/);
});

test.each([
  ['@0', { position: 0n }],
  ['2013-05-03T12:00:00Z', { instant: '2013-05-03T12:00:00.000Z' }],
  ['2013-05-03T12:00:00 02:00', { instant: '2013-05-03T10:00:00.000Z' }],
  ['2013-05-03T12:00-07:30', { instant: '2013-05-03T19:30:00.000Z' }],
])('the moment %s', (given, value) => {
  expect(parseMoment(given)).toEqual({ value });
});

test.each([
  '',
  '@',
  '@x',
  '@-1',
  '@1.5',
  '@9999999999999999999',
  '2013-05-03',
  '2013-05-03T12:00:00',
  '2013-02-30',
  'now',
])('%s is no moment', (given) => {
  expect(parseMoment(given).problem).toMatch(/must be @<position>/);
});
