import { csvLine } from './csv.js';

test('quotes, delimiters and line breaks survive', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'one\ntwo', 'a;b'])).toBe('a,"b,c","say ""hi""","one\ntwo","a;b"');
});

test('nothing becomes a formula in a spreadsheet', () => {
  expect(csvLine(['=1+1', '+7 495', '-x', '@SUM'])).toBe(`'=1+1,'+7 495,'-x,'@SUM`);
});
