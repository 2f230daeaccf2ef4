import { nextRows, type RowRange, wantedRows } from './row-window.js';

const viewport = (top: number) => ({ top, height: 400 });

test('rows in sight are drawn, with a few around them', () => {
  expect(wantedRows(viewport(0), 40, 150_000)).toEqual({ from: 0, to: 16 });
  expect(wantedRows(viewport(4010), 40, 150_000)).toEqual({ from: 94, to: 117 });
});

test('there are no rows before the first and after the last', () => {
  expect(wantedRows(viewport(0), 40, 3)).toEqual({ from: 0, to: 3 });
  expect(wantedRows(viewport(4000), 40, 0)).toEqual({ from: 0, to: 0 });
  expect(wantedRows(viewport(4000), 40, 104)).toEqual({ from: 94, to: 104 });
});

test('what stays in sight stays drawn', () => {
  expect(nextRows({ from: 0, to: 16 }, { from: 3, to: 24 })).toEqual({ from: 3, to: 24 });
  expect(nextRows({ from: 10, to: 30 }, { from: 4, to: 24 })).toEqual({ from: 4, to: 24 });
});

test('few rows are drawn at once, and all of them in the end', () => {
  const wanted = { from: 5000, to: 5040 };
  let drawn: RowRange = { from: 0, to: 40 };
  const sizes: number[] = [];
  while (drawn.from !== wanted.from || drawn.to !== wanted.to) {
    const before = drawn;
    drawn = nextRows(before, wanted);
    const kept = Math.max(0, Math.min(before.to, drawn.to) - Math.max(before.from, drawn.from));
    sizes.push(drawn.to - drawn.from - kept);
  }
  // The first in sight at once, then what is below them, at last the few above.
  expect(sizes).toEqual([8, 8, 8, 8, 8]);
});

test('a list that became shorter is drawn as far as it goes', () => {
  expect(nextRows({ from: 90, to: 110 }, { from: 84, to: 100 })).toEqual({ from: 84, to: 100 });
  expect(nextRows({ from: 90, to: 110 }, { from: 0, to: 0 })).toEqual({ from: 0, to: 0 });
});
