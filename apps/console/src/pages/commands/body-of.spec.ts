import type { CommandField } from './catalogue.js';
import { bodyOf } from './body-of.js';

const field = (name: string, kind: CommandField['kind']): CommandField => ({
  name,
  kind,
  description: '',
  required: false,
  choices: [],
  maxLength: undefined,
});

test('every field has its own type, and what is empty is left out', () => {
  const fields = [
    field('pool', 'text'),
    field('reason', 'long'),
    field('enabled', 'flag'),
    field('roles', 'list'),
    field('rooms', 'count'),
  ];
  const draft = {
    pool: ' ocs01.contoso.com ',
    reason: ' ',
    enabled: 'false',
    roles: 'auditor,admin',
    rooms: '12',
    stray: 'x',
  };
  expect(bodyOf({ fields }, draft)).toEqual({
    pool: 'ocs01.contoso.com',
    enabled: false,
    roles: ['auditor', 'admin'],
    rooms: 12,
  });
});

test('what is no number is sent as it is, so that the server says what would be right', () => {
  expect(bodyOf({ fields: [field('rooms', 'count')] }, { rooms: 'many' })).toEqual({ rooms: 'many' });
});

test('a local time to come is sent as its instant', () => {
  const { expiresAt } = bodyOf({ fields: [field('expiresAt', 'instant')] }, { expiresAt: '2099-05-03T12:00:00' });
  expect(expiresAt).toMatch(/^2099-05-0[234]T\d\d:\d\d:00\.999Z$/);
});
