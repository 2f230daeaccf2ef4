import { type Forecast, forecast, moments, type Sample } from './forecast.js';

const dayMs = 86_400_000;
const days = (...moved: number[]): Sample[] =>
  moved.map((each, day) => ({ ms: day * dayMs, moved: each, remaining: 1000 - each }));

const range = (samples: readonly Sample[]): Forecast => {
  const outlook = forecast(samples);
  if (typeof outlook === 'string') throw new Error(outlook);
  return outlook;
};

test('an even pace has one end', () => {
  const { earliestMs, latestMs, perDay } = range(days(0, 100, 200, 300, 400));
  expect(earliestMs).toBe(10 * dayMs);
  expect(latestMs).toBe(10 * dayMs);
  expect(perDay).toEqual([100, 100]);
});

test('a pace that changes gives a range', () => {
  const { earliestMs, latestMs } = range(days(0, 10, 20, 30, 230));
  expect(earliestMs).toBeLessThan(latestMs);
  expect(earliestMs).toBe(4 * dayMs + (770 / 200) * dayMs);
});

test.each([
  ['empty', []],
  ['empty', days(0, 0, 0, 0).map(({ ms }) => ({ ms, moved: 0, remaining: 0 }))],
  ['finished', days(0, 500, 900, 1000)],
  ['tooShort', days(0, 100, 200)],
  ['nobodyMoved', days(10, 10, 10, 10, 10)],
  ['movedBack', days(40, 30, 20, 10, 5)],
  ['tooFar', days(0, 0, 0, 0, 0.01)],
] as const)('where there is none, it says why: %s', (why, samples) => {
  expect(forecast(samples)).toBe(why);
});

test('that people were brought in is no move', () => {
  const nobody = [0, 1, 2].map((day) => ({ ms: day * dayMs, moved: 0, remaining: 0 }));
  const brought = [3, 4].map((day) => ({ ms: day * dayMs, moved: 400, remaining: 600 }));
  expect(forecast([...nobody, ...brought])).toBe('tooShort');
  const stood = [3, 4, 5, 6].map((day) => ({ ms: day * dayMs, moved: 400, remaining: 600 }));
  expect(forecast([...nobody, ...stood])).toBe('nobodyMoved');
});

test('an end is told within ten years', () => {
  const { earliestMs, latestMs } = range(days(0, 0, 0, 0, 0, 0, 0, 0, 1));
  expect(earliestMs).toBeLessThan(latestMs);
  expect(latestMs).toBe((8 + 3650) * dayMs);
});

test('a pace that went backwards counts no more', () => {
  const { perDay } = range(days(0, 300, 300, 280, 270));
  expect(perDay).toEqual([67.5, 67.5]);
});

test('moments lie evenly from the first to the last', () => {
  expect(moments(0, 100, 5)).toEqual([0, 25, 50, 75, 100]);
});
