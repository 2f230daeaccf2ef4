import { access, issueTokenCommand } from '#access';
import { CommandShell } from '#event-log';
import { type Counting, validateCommand } from '#kernel';
import { MemoryLog } from './memory-log.js';
import { operator } from './rig.js';

test('the plan of a token shows what it would be, and no hash or secret of one that never is', async () => {
  const shell = new CommandShell({ log: new MemoryLog(), catalogue: access.events, counting: {} as Counting });
  const validated = validateCommand(issueTokenCommand, { name: 'import', roles: ['operator'] });
  if (validated.errors) throw new Error(JSON.stringify(validated.errors));
  const asked = { actor: operator, correlationId: 'c-1', client: { ip: null, agent: null } };
  const planned = await shell.plan(issueTokenCommand, validated.command, asked);
  expect(planned).toMatchObject({ outcome: 'done', reply: {} });
  expect('events' in planned && planned.events.map(({ data }) => data)).toEqual([
    { name: 'import', roles: ['operator'], expiresAt: null },
  ]);
});
