import { type ContentEvent, contentStream } from '#content';
import { type CommandAnswer, commandMeta, CommandShell, type EventLog } from '#event-log';
import { type Actor, type ContentName, type Counting, type DeploymentId, validateCommand, write } from '#kernel';
import { catalogueOf, commandsOf, contexts } from '#server/contexts';

export const source = 'gchat10.contoso.com' as DeploymentId;
export const target = 'pchat13.contoso.com' as DeploymentId;
export const migration = 'wave-1';
export const catalogue = catalogueOf(contexts);
const commands = commandsOf(contexts);
const actor = (id: string): Actor => ({ id, name: id, roles: ['operator', 'approver'], via: 'api' });

/** A node: a shell of its own over a log that others may write too. */
export function node(log: EventLog, sharedLog = false) {
  const shell = new CommandShell({ log, catalogue, counting: {} as Counting, sharedLog });
  const send = (name: string, fields: object, by = 'token-1'): Promise<CommandAnswer> => {
    const definition = commands.find((command) => command.name === name);
    const validated = definition && validateCommand(definition, fields);
    if (!definition || !validated || validated.errors)
      throw new Error(`${name} ${JSON.stringify(fields)} is no command`);
    const client = { ip: null, agent: null };
    return shell.run(definition, validated.command, { actor: actor(by), correlationId: 'c-1', client });
  };
  return { shell, send };
}

export type Node = ReturnType<typeof node>;

export async function done(answer: Promise<CommandAnswer>): Promise<void> {
  const told = await answer;
  if (told.outcome === 'refused') throw new Error(JSON.stringify(told.refusals));
}

const flags = { invitations: true, fileUpload: true, chatHistory: true };
const categories = ['Trading', 'Desks', 'Company'] as const;

/** The names that the rooms of the source have in the target. */
export const flatName = (n: number): string => (n % 3 === 1 ? `Trading - Desks - Room ${n}` : `Room ${n}`);

/** A source with so many rooms in three categories, one of them nested, and a target that has two of its names already. */
export async function prepare({ shell, send }: Node, rooms: number): Promise<void> {
  await done(send('RegisterSite', { site: 'Redmond' }));
  for (const [pool, deployment, generation] of [
    ['lync10.contoso.com', source, 'lync-2010'],
    ['pool13.contoso.com', target, 'lync-2013'],
  ]) {
    await done(send('RegisterPool', { pool, generation, site: 'Redmond' }));
    await done(send('RegisterDeployment', { deployment, generation, homedOn: pool }));
  }
  const category = (deployment: DeploymentId, name: string, parent: string | null = null): ContentEvent => ({
    type: 'CategoryAdded',
    data: { deployment, category: name as ContentName, parent: parent as ContentName | null, ...flags },
  });
  const room = (deployment: DeploymentId, name: string, of: string): ContentEvent => ({
    type: 'RoomAdded',
    data: {
      deployment,
      room: name as ContentName,
      category: of as ContentName,
      type: 'normal',
      privacy: 'open',
      addIn: null,
    },
  });
  const events = [
    category(source, 'Trading'),
    category(source, 'Desks', 'Trading'),
    category(source, 'Company'),
    ...Array.from({ length: rooms }, (_, n) => room(source, `Room ${n}`, categories[n % 3]!)),
    category(target, 'Pilot'),
    category(target, 'company'),
    room(target, 'Room 2', 'Pilot'),
  ];
  const sender = { actor: actor('token-1'), correlationId: 'c-1', client: { ip: null, agent: null } };
  const meta = commandMeta('AddRoom', {}, sender, 'filling');
  for (const deployment of [source, target]) {
    const own = events.filter(({ data }) => data.deployment === deployment);
    for (let from = 0; from < own.length; from += 500)
      await shell.batch(actor('token-1'), (unit) =>
        unit.record(write(contentStream(deployment), ...own.slice(from, from + 500)), meta),
      );
  }
}

export const counts = (rooms: number) => ({ categories: 3, rooms, addIns: 0 });

/** Everything but the import. */
export async function upToImport({ send }: Pick<Node, 'send'>, rooms: number): Promise<void> {
  await done(send('PlanMigration', { migration, source, target }));
  for (const side of ['source', 'target']) {
    await done(send('RecordBackup', { migration, side, reference: 'tape 7' }));
    await done(send('StopServices', { migration, side }));
  }
  await done(send('RecordExport', { migration, file: 'export.zip', ...counts(rooms) }));
  await done(send('ApproveInspection', { migration }, 'token-2'));
  await done(send('RecordDryRun', { migration, errors: 0, warnings: 0 }));
}
