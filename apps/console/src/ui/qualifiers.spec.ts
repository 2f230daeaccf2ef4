import { parametersOf, readQualifiers, termAt, withTerm, writeQualifiers } from './qualifiers.js';

const names = ['pool', 'site', 'actor'];
const read = (text: string) => readQualifiers(text, names);

test('qualifiers, excluded ones, quoted values and free words are told apart', () => {
  expect(read('pool:ocs01 -actor:anna site:"Saint Petersburg" Мария -x')).toEqual([
    { name: 'pool', value: 'ocs01', exclude: false },
    { name: 'actor', value: 'anna', exclude: true },
    { name: 'site', value: 'Saint Petersburg', exclude: false },
    { name: '', value: 'Мария', exclude: false },
    { name: '', value: 'x', exclude: true },
  ]);
});

test('a name is known whatever its case, and what is no name is a word', () => {
  expect(read('POOL:a sip:alice@contoso.com')).toEqual([
    { name: 'pool', value: 'a', exclude: false },
    { name: '', value: 'sip:alice@contoso.com', exclude: false },
  ]);
});

test('a qualifier without a value yet says nothing', () => {
  expect(read('pool: ')).toEqual([]);
});

test('what is written is read back the same', () => {
  const terms = read('pool:ocs01 -site:"Saint Petersburg" two words');
  expect(read(writeQualifiers(terms))).toEqual(terms);
});

test('words become one q; a qualifier given twice is asked for twice', () => {
  expect(parametersOf(read('pool:a pool:b -actor:x mary -hall'))).toEqual({
    pool: ['a', 'b'],
    actor: ['-x'],
    q: ['mary -hall'],
  });
});

test('a term takes the place of the one of its name', () => {
  expect(withTerm('mary pool:a', names, 'pool', 'b')).toBe('mary pool:b');
  expect(withTerm('mary pool:a', names, 'pool', undefined)).toBe('mary');
});

test('the term at the cursor is found, within quotes too', () => {
  expect(termAt('mary poo', 8)).toEqual({ start: 5, text: 'poo' });
  expect(termAt('site:"Saint Pe', 14)).toEqual({ start: 0, text: 'site:"Saint Pe' });
  expect(termAt('mary ', 5)).toEqual({ start: 5, text: '' });
});
