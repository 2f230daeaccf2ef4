import { type Carriable, carryOver, type ContentEvent, contentStream, takeBackNext } from '#content';
import {
  type Actor,
  anyCommand,
  type CommandDefinition,
  type ContentName,
  type DeploymentId,
  type GenerationId,
  type PoolId,
  write,
} from '#kernel';
import { deploymentStream } from '#topology';
import { given, type Story, type Told } from '../../kernel/src/testing.js';
import { carryOverPlan } from './flatten.js';
import { migration } from './index.js';
import { migrationStream } from './migration.js';

export const source = 'gchat10.contoso.com' as DeploymentId;
export const target = 'pchat13.contoso.com' as DeploymentId;
export const lookupUri = 'sip:ocschat@contoso.com';
export const run = 'wave-1';
export const olga: Actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
export const arne: Actor = { id: 'token-2', name: 'Arne', roles: ['operator', 'approver'], via: 'api' };

export function commandNamed(name: string): CommandDefinition {
  const definition = migration.commands.find((command) => command.name === name);
  if (!definition) throw new Error(`no command ${name}`);
  return anyCommand(definition);
}

export const send = (story: Story, name: string, fields: object = {}): Promise<Told> =>
  story.when(commandNamed(name), { ...(name === 'PlanMigration' ? {} : { migration: run }), ...fields });

function registered(deployment: DeploymentId, generation: GenerationId) {
  const homedOn = 'pool.contoso.com' as PoolId;
  return write(deploymentStream(deployment), {
    type: 'DeploymentRegistered',
    data: { deployment, generation, homedOn },
  });
}

/** Both sides are registered and empty. */
export const estate = (): Story =>
  given(registered(source, 'lync-2010'), registered(target, 'lync-2013')).where({ actor: olga });

const flags = { invitations: true, fileUpload: true, chatHistory: true };

export const category = (deployment: DeploymentId, name: string, parent: string | null = null): ContentEvent => ({
  type: 'CategoryAdded',
  data: { deployment, category: name as ContentName, parent: parent as ContentName | null, ...flags },
});

export const room = (deployment: DeploymentId, name: string, category: string): ContentEvent => ({
  type: 'RoomAdded',
  data: {
    deployment,
    room: name as ContentName,
    category: category as ContentName,
    type: 'normal',
    privacy: 'closed',
    addIn: null,
  },
});

export function holding(story: Story, ...events: readonly ContentEvent[]): Story {
  for (const event of events) story.record(write(contentStream(event.data.deployment), event));
  return story;
}

export const plan = { migration: run, source, target };
const counts = { categories: 0, rooms: 0, addIns: 0 };

/** The procedure in Microsoft's order, each step with the least it asks for. */
export const procedure: readonly (readonly [name: string, fields?: object, by?: Actor])[] = [
  ['PlanMigration', plan],
  ['RecordBackup', { side: 'source', reference: 'tape 1' }],
  ['StopServices', { side: 'source' }],
  ['RecordExport', { file: 'export.zip', ...counts }],
  ['ApproveInspection', {}, arne],
  ['StopServices', { side: 'target' }],
  ['RecordDryRun', { errors: 0, warnings: 0 }],
  ['RecordImport', counts],
  ['RecordFilesCopied', { files: 3, bytes: 4096 }],
  ['StartServices', { side: 'target' }],
  ['RecordVerification', { method: 'counts', conflicts: 0 }],
  ['CompleteMigration'],
];

/** The procedure up to the step before this one. `instead` are fields in the place of those of a command. */
export async function upTo(
  story: Story,
  name: string,
  instead: Readonly<Record<string, object>> = {},
  side?: 'source' | 'target',
): Promise<Story> {
  for (const [command, fields = {}, by = olga] of procedure) {
    const isIt = command === name && (side === undefined || (fields as { side?: string }).side === side);
    if (isIt) return story;
    const { rules } = await send(story.where({ actor: by }), command, { ...fields, ...instead[command] });
    if (rules.length > 0) throw new Error(`${command} was refused: ${rules.join(', ')}`);
    story.where({ actor: olga });
    if (command === 'RecordImport') carry(story);
  }
  return story;
}

/** Carries over what an import has made due; as the server does, batch by batch. */
export function carry(story: Story, id = run): void {
  const known = story.state(migrationStream(id));
  const handedOver = known && story.state(contentStream(known.source)).handedOver;
  if (!handedOver) throw new Error('nothing was handed over');
  const all: readonly Carriable[] = carryOverPlan(handedOver);
  const stream = contentStream(known.target);
  for (let event = carryOver(story.state(stream), { ...known, all }); event;) {
    story.record(write(stream, event));
    event = carryOver(story.state(stream), { ...known, all });
  }
}

/** Takes back what a rollback has made due. */
export function goBack(story: Story, id = run): void {
  const known = story.state(migrationStream(id));
  if (!known) throw new Error(`${id} is unknown`);
  const stream = contentStream(known.target);
  for (let event = takeBackNext(story.state(stream), known); event;) {
    story.record(write(stream, event));
    event = takeBackNext(story.state(stream), known);
  }
}
