import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { CsvReader } from './csv-reader.js';
import { CsvScanner } from './csv-scanner.js';

const character = fc.constantFrom('a', 'b', ' ', '0', ',', ';', '\t', '"', '\r', '\n', 'Ж', '🙂', '\u00a0');
const cell = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''));
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: 1, maxLength: width }), { minLength: 1, maxLength: 8 }));
const written = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  newline: fc.constantFrom('\r\n', '\n', '\r'),
  quotesAll: fc.boolean(),
  endsWithNewline: fc.boolean(),
});
type Written = typeof written extends fc.Arbitrary<infer W> ? W : never;

function csvOf(
  rows: readonly (readonly string[])[],
  { delimiter, newline, quotesAll, endsWithNewline }: Written,
): string {
  const quoted = (value: string): string =>
    quotesAll || /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => row.map(quoted).join(delimiter)).join(newline) + (endsWithNewline ? newline : '');
}

const oracle = (csv: string, { delimiter, newline }: Written): string[][] =>
  parse(csv, { delimiter, record_delimiter: newline, relax_column_count: true, skip_empty_lines: true });

function scanned(csv: string, { delimiter, newline }: Written, pieceLength: number): string[][] {
  const scanner = new CsvScanner(delimiter, newline === '\r' ? '\r' : '\n', 1);
  const records: string[][] = [];
  for (let at = 0; at <= csv.length; at += pieceLength) {
    scanner.push(csv.slice(at, at + pieceLength));
    while (scanner.next(at + pieceLength > csv.length))
      records.push(Array.from({ length: scanner.width }, (_, index) => scanner.field(index)));
  }
  return records;
}

test('any table, however it is written and cut in pieces, has the records that csv-parse finds in it', () => {
  fc.assert(
    fc.property(table, written, fc.integer({ min: 1, max: 20 }), (rows, how, pieceLength) => {
      const csv = csvOf(rows, how);
      expect(scanned(csv, how, pieceLength)).toEqual(oracle(csv, how));
    }),
    { numRuns: 2000 },
  );
});

test('the file line of a record is that on which it begins', () => {
  fc.assert(
    fc.property(table, written, fc.integer({ min: 1, max: 20 }), (rows, how, pieceLength) => {
      const lineEnd = how.newline === '\r' ? '\r' : '\n';
      const scanner = new CsvScanner(how.delimiter, lineEnd, 1);
      const csv = csvOf(rows, { ...how, quotesAll: true });
      const begins: number[] = [];
      for (let at = 0; at <= csv.length; at += pieceLength) {
        scanner.push(csv.slice(at, at + pieceLength));
        while (scanner.next(at + pieceLength > csv.length)) begins.push(scanner.line);
      }
      let line = 1;
      const expected = rows.map((row) => {
        const begin = line;
        line += 1 + row.join('').split(lineEnd).length - 1;
        return begin;
      });
      expect(begins).toEqual(expected);
    }),
  );
});

describe('how a file is written shows in its first line:', () => {
  const formatOf = (csv: string, pieceLength: number) => {
    const reader = new CsvReader();
    const bytes = Buffer.from(csv);
    for (let at = 0; at < bytes.length; at += pieceLength) {
      reader.push(bytes.subarray(at, at + pieceLength));
      reader.next();
    }
    reader.finish();
    reader.next();
    return reader.format;
  };

  test.each([
    ['a,b\r\nc,d\r\n', '\r\n'],
    ['a,b\nc,d\n', '\n'],
    ['a,b\rc,d\r', '\r'],
    ['a,b\rc\nx,d\r', '\r'],
    ['"a\rx",b\nc,d\n', '\n'],
    ['"a\nx",b\rc,d\r', '\r'],
    ['#TYPE X\ra,b\rc,d\r', '\r'],
    ['a,b\r', '\r'],
    ['a,b\r\r\nc,d\r\r\n', '\r\n'],
    ['a,b', '\n'],
  ])('%j ends its lines with %j', (csv, newline) => {
    for (const pieceLength of [1, 3, 1000])
      expect(formatOf(csv, pieceLength)).toMatchObject({ newline, delimiter: ',', header: [expect.any(String), 'b'] });
  });
});
