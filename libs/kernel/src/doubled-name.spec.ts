import { doubledName } from './doubled-name.js';

const doubledIn = (text: string): string | undefined => doubledName(text, JSON.parse(text));

test.each([
  ['{"user":"a","pool":"b","user":"c"}', 'user'],
  ['{"a":{"x":1,"y":{"z":1,"z":1}},"b":2}', 'z'],
  ['[{"a":1},{"a":1,"b":[{"c":1,"c":2}]}]', 'c'],
  [String.raw`{"us\u0065r":1,"user":2}`, 'user'],
  ['{"a":{"x":1},"a":2}', 'a'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"":1,"":2}', ''],
])('%s names %j twice', (text, name) => {
  expect(doubledIn(text)).toBe(name);
});

test.each([
  '{}',
  '"a:b"',
  'null',
  '[{"a":1},{"a":2}]',
  '{"a":{"a":{"a":":"}},"A":"\\":\\\\"}',
  '{"__proto__":{"x":1},"constructor":2}',
  '{"1":1,"0":[[],{},null,true]}',
])('%s names every member once', (text) => {
  expect(doubledIn(text)).toBeUndefined();
});
