import { momentOf } from './moment-text.js';

test.each([
  ['@950', '@950'],
  [' 950 ', '@950'],
  ['2026-11-23T12:00:00Z', '2026-11-23T12:00:00.000Z'],
  ['2026-11-23T12:00:00+03:00', '2026-11-23T09:00:00.000Z'],
])('%s is %s', (text, moment) => {
  expect(momentOf(text, 'from')).toBe(moment);
});

test('a day begins for the first moment and ends for the second, in local time', () => {
  expect(momentOf('2026-11-23', 'from')).toBe(new Date('2026-11-23T00:00:00.000').toISOString());
  expect(momentOf('2026-11-23', 'to')).toBe(new Date('2026-11-23T23:59:59.999').toISOString());
});

test.each(['', 'yesterday', '@', '2026-13-45', '@12x'])('%j is no moment', (text) => {
  expect(momentOf(text, 'from')).toBeUndefined();
});
