import { catalogueOf, commandsOf, contexts } from '#server/contexts';
import { type CommandAnswer, CommandShell } from '#event-log';
import { type Actor, type CommandDefinition, roles, validateCommand } from '#kernel';
// @ts-expect-error a script, without types
import { story } from '../scripts/demo-story.mjs';
import { MemoryLog } from './memory-log.js';
import { countingByFolding, fold } from './model/fold.js';
import { knownType } from './model/apply.js';
import { eventsOf } from './rig.js';

const catalogue = catalogueOf(contexts);
const commands = commandsOf(contexts);
const admin: Actor = { id: 'token-1', name: 'Olga', roles, via: 'api' };
/** Whoever recorded an export may not approve it. */
const approver: Actor = { id: 'token-2', name: 'Arne', roles: ['approver'], via: 'api' };
const asked = { correlationId: 'c-1', client: { ip: null, agent: null } };

/** A tracker as the demo leaves it, but for its files. */
async function afterTheDemo(): Promise<MemoryLog> {
  const log = new MemoryLog();
  for (const { send, as: _as, ...fields } of story as readonly { send?: string; as?: string }[]) {
    const definition = commands.find(({ name }) => name === send);
    if (definition) await run(log, definition, fields);
  }
  return log;
}

/** What two people meet who paste every example of the docs in the order in which they stand there, one of them the approver's. */
async function pasted(log: MemoryLog): Promise<string[]> {
  const told: string[] = [];
  for (const definition of commands)
    for (const [name, fields] of Object.entries({ example: definition.example, ...definition.moreExamples })) {
      const answer = await run(log, definition, fields);
      const rules = answer.outcome === 'refused' ? answer.refusals.map(({ rule }) => rule) : [];
      told.push([definition.name, name, answer.outcome, ...rules].join(' '));
    }
  return told;
}

async function run(log: MemoryLog, definition: CommandDefinition, fields: object): Promise<CommandAnswer> {
  const world = async () =>
    fold(
      catalogue,
      (await eventsOf(log)).filter(({ type }) => knownType(type)),
    );
  const shell = new CommandShell({ log, catalogue, counting: countingByFolding(world) });
  const validated = validateCommand(definition, fields);
  if (validated.errors) throw new Error(`${definition.name}: ${JSON.stringify(validated.errors)}`);
  const actor = definition.role === 'approver' ? approver : admin;
  return shell.run(definition, validated.command, { ...asked, actor });
}

test.each([
  ['an empty tracker', () => new MemoryLog()],
  ['the sample estate of the demo', afterTheDemo],
])('the examples of the docs, pasted one after another on %s, are one story', async (_, given) => {
  const told = await pasted(await given());
  expect(told.filter((line) => !line.endsWith(' done'))).toEqual([
    // Where it is homed already: there is nowhere else to go.
    'RehomeDeployment example unchanged',
    // Nobody can know the id of a token that is issued only now.
    'RevokeToken example refused access.unknown-token',
  ]);
  for (const { name } of commands) expect(told.some((line) => line.startsWith(`${name} `))).toBe(true);
});
