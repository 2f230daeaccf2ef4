import { matches } from './matches.js';
import { readQualifiers } from './qualifiers.js';

const row = { pool: 'ocs01.contoso.com', status: 'sealed', site: null };
const found = (text: string): boolean => matches(row, readQualifiers(text, ['pool', 'status', 'site']));

test.each([
  ['', true],
  ['ocs', true],
  ['OCS sealed', true],
  ['lync', false],
  ['status:sealed', true],
  ['status:seal', false],
  ['-status:sealed', false],
  ['-lync', true],
  ['site:Redmond', false],
])('%s finds the row: %s', (text, expected) => {
  expect(found(text)).toBe(expected);
});
