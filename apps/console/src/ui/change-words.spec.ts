import type { Words } from '../i18n/i18n.js';
import { changedText, fieldText } from './change-words.js';

const t = Object.assign((key: string) => key, {
  named: (family: string, name: string) => `${family}.${name}`,
}) as unknown as Words;

test('fields have words, those of a gate too', () => {
  expect(fieldText(t, 'status')).toBe('field.status');
  expect(fieldText(t, 'gate backup-kept')).toBe('gate.backup-kept');
  expect(fieldText(t, 'gate backup-kept evidence')).toBe('gate.backup-kept: field.evidence');
});

test('values have words where there is a known set of them', () => {
  expect(changedText(t, 'status', 'sealed')).toBe('status.sealed');
  expect(changedText(t, 'gate backup-kept', 'met')).toBe('gateStatus.met');
  expect(changedText(t, 'gate backup-kept evidence', 'met')).toBe('met');
  expect(changedText(t, 'enabled', true)).toBe('yes');
  expect(changedText(t, 'status', null)).toBe('—');
  expect(changedText(t, 'legacyEndpoints', ['a', 'b'])).toBe('a, b');
});
