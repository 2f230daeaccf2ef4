import { recognise } from './recognise.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16le = (text: string): Uint8Array => {
  const units = Uint16Array.from(`\uFEFF${text}`, (character) => character.charCodeAt(0));
  return new Uint8Array(units.buffer);
};

test('a CSV of PowerShell 5.1: type line, quotes, CRLF', () => {
  const seen = recognise(utf8('#TYPE Microsoft.Rtc\r\n"SipAddress","DisplayName"\r\n"sip:a@x.y","Hall, Mary"\r\n'));
  expect(seen).toMatchObject({
    encoding: 'utf-8',
    hasTypeLine: true,
    delimiter: ',',
    columns: ['SipAddress', 'DisplayName'],
  });
  expect(seen.rows).toEqual([['sip:a@x.y', 'Hall, Mary']]);
});

test('UTF-16 with its mark, semicolons and Cyrillic', () => {
  const seen = recognise(utf16le('SipAddress;DisplayName\r\nsip:a@x.y;Мария'));
  expect(seen).toMatchObject({ encoding: 'utf-16le', hasMark: true, delimiter: ';', isBinary: false });
  expect(seen.rows).toEqual([['sip:a@x.y', 'Мария']]);
});

test('the delimiter that a first line tells Excel, though the header has more of another', () => {
  const seen = recognise(utf8('sep=;\r\nSipAddress;Display,Name,,\r\nsip:a@x.y;Mary\r\n'));
  expect(seen).toMatchObject({ delimiter: ';', hasTypeLine: false, columns: ['SipAddress', 'Display,Name,,'] });
  expect(seen.rows).toEqual([['sip:a@x.y', 'Mary']]);
});

test('a quoted field keeps its line breaks, quotes and delimiters', () => {
  expect(recognise(utf8('A\tB\n"one\ntwo"\t"say ""hi"""\n')).rows).toEqual([['one\ntwo', 'say "hi"']]);
});

test('what holds zero bytes is no text', () => {
  expect(recognise(Uint8Array.of(80, 75, 3, 4, 0, 0)).isBinary).toBe(true);
});

test('only the first rows are shown', () => {
  expect(recognise(utf8(`A\n${'1\n'.repeat(100)}`)).rows).toHaveLength(8);
});
