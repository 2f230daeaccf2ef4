import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { canonicalJson } from './canonical.js';

test('any JSON value is written as RFC 8785 has it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
    { numRuns: 1000 },
  );
});

test('whatever else a program may hold is written as the library writes it, or thrown at as it throws', () => {
  const outcome = (write: () => unknown): unknown => {
    try {
      return write() ?? 'nothing';
    } catch {
      return 'nothing';
    }
  };
  const anything = fc.anything({
    withDate: true,
    withBoxedValues: true,
    withNullPrototype: true,
    withSparseArray: true,
    withMap: true,
  });
  fc.assert(
    fc.property(anything, (value) => {
      expect(outcome(() => canonicalJson(value))).toBe(outcome(() => canonicalize(value)));
    }),
    { numRuns: 2000 },
  );
});

test('members are ordered by their UTF-16 code units', () => {
  expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 })).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  );
});

test('numbers are as ECMAScript writes them', () => {
  expect(canonicalJson([1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[1e+30,4.5,0.002,1e-27,0]');
});

test.each([undefined, Number.NaN, Infinity, '\ud800', { '\udc00': 1 }, ['\ud800'], () => 1, 1n])(
  '%p is no JSON',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(/JSON value|not allowed|BigInt/);
  },
);

test('a circle is refused, and what is merely deep is not', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  expect(() => canonicalJson(circle)).toThrow('Circular');
  let deep: unknown = 1;
  for (let n = 0; n < 500; n++) deep = { deep };
  expect(canonicalJson(deep)).toBe(canonicalize(deep));
});
