import { literal, Variable } from './literal.js';

const quotes = new Set(["'", '\u2018', '\u2019', '\u201a', '\u201b']);

/** Reads a literal back by PowerShell's own rules, until its end; throws where it would end too early. */
function readBack(text: string): string {
  if (!text.startsWith('(')) return readQuoted(text, 0, text.length);
  let value = '';
  let at = 1;
  while (text[at] !== ')') {
    if (text.startsWith(' + ', at)) at += 3;
    const char = /^\[char\]0x([0-9A-F]{4})/.exec(text.slice(at));
    if (char) {
      value += String.fromCharCode(Number.parseInt(char[1]!, 16));
      at += char[0].length;
    } else {
      const end = endOfQuoted(text, at);
      value += readQuoted(text, at, end);
      at = end;
    }
  }
  expect(at).toBe(text.length - 1);
  return value;
}

function endOfQuoted(text: string, begin: number): number {
  if (!quotes.has(text[begin]!)) throw new Error(`no quote at ${begin} of ${text}`);
  for (let at = begin + 1; at < text.length; at++)
    if (quotes.has(text[at]!)) {
      if (!quotes.has(text[at + 1] ?? '')) return at + 1;
      at++;
    }
  throw new Error(`${text} never ends`);
}

/** A doubled quote stands for the second one of the two. */
function readQuoted(text: string, begin: number, end: number): string {
  expect(endOfQuoted(text, begin)).toBe(end);
  let value = '';
  for (let at = begin + 1; at < end - 1; at++) {
    if (quotes.has(text[at]!)) at++;
    value += text[at];
  }
  return value;
}

test.each([
  ['alice', "'alice'"],
  ["O'Brien", "'O''Brien'"],
  ['\u2018so\u2019 \u201aund\u201b', "'\u2018\u2018so\u2019\u2019 \u201a\u201aund\u201b\u201b'"],
  ['$(Remove-Item C:\\) `n "x" ; & | #', '\'$(Remove-Item C:\\) `n "x" ; & | #\''],
  ['\u201cdouble\u201d', "'\u201cdouble\u201d'"],
  ['Отдел продаж', "'Отдел продаж'"],
  ['a\nb', "('' + 'a' + [char]0x000A + 'b')"],
  ['\u202eab', "('' + [char]0x202E + 'ab')"],
  ['', "''"],
])('%j is written %s', (text, written) => {
  expect(literal(text)).toBe(written);
  expect(readBack(literal(text))).toBe(text);
});

test('other values are what PowerShell calls them', () => {
  expect([literal(true), literal(false), literal(null), literal(7), literal(new Variable('Source'))]).toEqual([
    '$true',
    '$false',
    '$null',
    '7',
    '$Source',
  ]);
});

test('any text is read back as it was, and leaves its quotes nowhere', () => {
  const alphabet = Array.from('\'\u2018\u2019\u201a\u201b\u201c"$`(){};&|#@\\\r\n\t\0\u2028\u202e\u200d ab☃😀');
  let seed = 20131105;
  const next = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: next(12) }, () => alphabet[next(alphabet.length)]!).join('');
    expect(readBack(literal(text))).toBe(text);
    expect(literal(text)).not.toMatch(/[\r\n]/);
  }
});

test('half a pair of surrogates survives too', () => {
  expect(readBack(literal('a\ud83d'))).toBe('a\ud83d');
});
