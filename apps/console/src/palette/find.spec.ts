import { best, fit } from './find.js';

test('every word must be there, whatever its case', () => {
  expect(fit('seal POOL', 'Seal a pool')).toBeDefined();
  expect(fit('seal user', 'Seal a pool')).toBeUndefined();
});

test('the beginning of a word counts more than its middle', () => {
  expect(best('sea', ['Unseal a pool', 'Research', 'Seal a pool'], (text) => text, 2)).toEqual([
    'Seal a pool',
    'Research',
  ]);
});
