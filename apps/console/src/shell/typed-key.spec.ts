import { typedKey } from './typed-key.js';

const typed = (key: string, code: string, shiftKey = false): string => typedKey({ key, code, shiftKey });

test('a Latin layout says its own keys, wherever they are', () => {
  expect(typed('k', 'KeyK')).toBe('k');
  expect(typed('a', 'KeyQ')).toBe('a');
  expect(typed('?', 'Minus', true)).toBe('?');
  expect(typed('-', 'Slash')).toBe('-');
  expect(typed('Enter', 'Enter')).toBe('Enter');
});

test.each([
  ['л', 'KeyK', false, 'k'],
  ['п', 'KeyG', false, 'g'],
  ['П', 'KeyG', true, 'G'],
  ['г', 'KeyU', false, 'u'],
  ['х', 'BracketLeft', false, '['],
  ['ъ', 'BracketRight', false, ']'],
  ['.', 'Slash', false, '/'],
  [',', 'Slash', true, '?'],
  ['7', 'Digit7', false, '7'],
  ['?', 'Digit7', true, '?'],
])('the Russian %s at %s (Shift: %s) is %s', (key, code, shiftKey, meant) => {
  expect(typed(key, code, shiftKey)).toBe(meant);
});

test('a key of no known place is what it says', () => {
  expect(typed('ё', 'Backquote')).toBe('ё');
});
