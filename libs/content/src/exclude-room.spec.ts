import { fieldsOf, validateCommand } from '#kernel';
import { ExcludeRoom, excludeRoomCommand } from './exclude-room.js';

test('a reason is required, once among the fields', () => {
  expect(fieldsOf(ExcludeRoom).filter(({ name }) => name === 'reason')).toMatchObject([{ optional: false }]);
  const { errors } = validateCommand(excludeRoomCommand, { deployment: 'chat10.contoso.com', room: 'FX desk' });
  expect(errors).toEqual([{ field: 'reason', message: 'must be a string of 1 to 1000 characters' }]);
  const validated = validateCommand(excludeRoomCommand, {
    deployment: 'chat10.contoso.com',
    room: 'FX desk',
    reason: 'x',
  });
  expect(validated).toMatchObject({ command: { room: 'FX desk', reason: 'x' } });
});
