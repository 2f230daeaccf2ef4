import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { PackedTexts } from './packed-texts.js';

test('gives back what was put, once', () => {
  const texts = new PackedTexts();
  for (let n = 0; n < 1234; n++) texts.put(`stream ${n}`, `text ${n}\nŁódź ${'х'.repeat(n % 7)}`);
  expect(texts.take('stream 1234')).toBeUndefined();
  for (const n of [0, 99, 100, 1233, 1200, 700]) {
    expect(texts.take(`stream ${n}`)).toBe(`text ${n}\nŁódź ${'х'.repeat(n % 7)}`);
    expect(texts.take(`stream ${n}`)).toBeUndefined();
  }
});

test('tells apart names of one CRC-32, also where one was taken and put again', () => {
  const [one, other] = ['plumless', 'buckeroo'];
  expect(crc32(one)).toBe(crc32(other));
  const texts = new PackedTexts();
  let fillers = 0;
  const fill = (): void => {
    for (let n = 0; n < 100; n++) texts.put(`filler ${fillers++}`, '');
  };
  texts.put(one, 'first');
  texts.put(other, 'of the other');
  fill();
  expect(texts.take(one)).toBe('first');
  expect(texts.take(one)).toBeUndefined();
  texts.put(one, 'second');
  fill();
  expect(texts.take(other)).toBe('of the other');
  expect(texts.take(one)).toBe('second');
  expect(texts.take(one)).toBeUndefined();
});

test('is a map, whatever is put and taken', () => {
  const step = fc.tuple(fc.boolean(), fc.constantFrom('plumless', 'buckeroo', 'a', 'b', 'c', 'd'), fc.string());
  fc.assert(
    fc.property(fc.array(step, { minLength: 300, maxLength: 900, size: 'max' }), (steps) => {
      const texts = new PackedTexts();
      const model = new Map<string, string>();
      let others = 0;
      for (const [puts, name, text] of steps) {
        // So that blocks become full.
        for (let n = 0; n < 9; n++) texts.put(`other ${others++}`, '');
        if (puts && !model.has(name)) {
          texts.put(name, text);
          model.set(name, text);
        } else {
          expect(texts.take(name)).toBe(model.get(name));
          model.delete(name);
        }
      }
    }),
    { numRuns: 30, seed: 7 },
  );
});
