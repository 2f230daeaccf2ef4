import { forecast, moments, type Sample } from './forecast.js';

const dayMs = 86_400_000;
const days = (...moved: number[]): Sample[] =>
  moved.map((each, day) => ({ ms: day * dayMs, moved: each, remaining: 1000 - each }));

test('an even pace has one end', () => {
  const { earliestMs, latestMs, perDay } = forecast(days(0, 100, 200, 300, 400)) ?? {};
  expect(earliestMs).toBe(10 * dayMs);
  expect(latestMs).toBe(10 * dayMs);
  expect(perDay).toEqual([100, 100]);
});

test('a pace that changes gives a range', () => {
  const { earliestMs = 0, latestMs = 0 } = forecast(days(0, 10, 20, 30, 230)) ?? {};
  expect(earliestMs).toBeLessThan(latestMs);
  expect(earliestMs).toBe(4 * dayMs + (770 / 200) * dayMs);
});

test('nobody left, nobody moving, or too little known: no forecast', () => {
  expect(forecast(days(0, 500, 900, 1000))).toBeUndefined();
  expect(forecast(days(10, 10, 10, 10, 10))).toBeUndefined();
  expect(forecast(days(0, 100, 200))).toBeUndefined();
  expect(forecast([])).toBeUndefined();
});

test('a pace that went backwards counts no more', () => {
  const { perDay } = forecast(days(0, 300, 300, 280, 270)) ?? {};
  expect(perDay).toEqual([67.5, 67.5]);
});

test('moments lie evenly from the first to the last', () => {
  expect(moments(0, 100, 5)).toEqual([0, 25, 50, 75, 100]);
});
