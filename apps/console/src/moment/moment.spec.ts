import { instantOf, positionOf } from './moment.js';

test('an address names a moment by a position', () => {
  expect(positionOf('@42')).toBe('42');
  expect(instantOf('@42')).toBeUndefined();
});

test('an address names a moment by an instant, with a + that has become a space too', () => {
  expect(instantOf('2013-05-03T12:00:00Z')).toBe('2013-05-03T12:00:00.000Z');
  expect(instantOf('2013-05-03T12:00:00 03:00')).toBe('2013-05-03T09:00:00.000Z');
  expect(positionOf('2013-05-03T12:00:00Z')).toBeUndefined();
});

test.each(['garbage', 'garbage 1', '@', '@x', '@1.5', '2013-05', '2013-13-45T12:00:00Z', undefined])(
  '%s names no moment',
  (text) => {
    expect([positionOf(text), instantOf(text)]).toEqual([undefined, undefined]);
  },
);
