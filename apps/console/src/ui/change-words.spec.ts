import type { Words } from '../i18n/i18n.js';
import { changedText, fieldText } from './change-words.js';

const t = Object.assign((key: string) => key, {
  count: (value: number) => `#${value}`,
  time: (instant: string) => `at ${instant}`,
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
  expect(changedText(t, 'contentCutoff', '2013-05-03T12:00:00.000Z')).toBe('at 2013-05-03T12:00:00.000Z');
  expect(changedText(t, 'legacyEndpoints', ['a', 'b'])).toBe('a, b');
});

test('what was recorded of a gate is told as whoever said it last did', () => {
  const by = { id: 'a', name: 'Ada' };
  const attested = { by, at: '2013-05-03T12:00:00Z', evidence: 'CHG-1' };
  const waived = { by, at: '2013-05-04T12:00:00Z', reason: 'no DNS here', expiresAt: null };
  expect(changedText(t, 'gate backup-kept', { attested, waived: null, last: 'attested' })).toBe(
    'gateStatus.met · CHG-1 · Ada · at 2013-05-03T12:00:00Z',
  );
  expect(changedText(t, 'gate backup-kept', { attested, waived, last: 'waived' })).toBe(
    'gateStatus.waived · no DNS here · Ada · at 2013-05-04T12:00:00Z',
  );
});

test('what was recorded of a step is told field by field', () => {
  expect(fieldText(t, 'dryRun')).toBe('field.dryRun');
  expect(changedText(t, 'dryRun', { errors: 0, warnings: 1200, report: 'D:\\dry-run.html' })).toBe(
    'field.errors: #0, field.warnings: #1200, field.report: D:\\dry-run.html',
  );
  expect(changedText(t, 'verification', { method: 'counts', conflicts: 2 })).toBe(
    'field.method: method.counts, field.conflicts: #2',
  );
});

test('clients and findings are told by their names', () => {
  expect(fieldText(t, 'client lync-2013')).toBe('field.client client.lync-2013');
  expect(fieldText(t, 'finding prepare.same-forest')).toBe('findingName.prepare.same-forest');
  expect(fieldText(t, 'finding prepare.same-forest resolution')).toBe(
    'findingName.prepare.same-forest: field.resolution',
  );
  expect(changedText(t, 'finding prepare.same-forest', 'resolved')).toBe('findingStatus.resolved');
  expect(changedText(t, 'client lync-2013', 'chat13.contoso.com')).toBe('chat13.contoso.com');
});

test('what was carried over is told with where it came from', () => {
  const origin = { deployment: 'gchat07.contoso.com', name: 'Sales' };
  expect(changedText(t, 'carriedOverFrom', origin)).toBe('Sales (gchat07.contoso.com)');
});
