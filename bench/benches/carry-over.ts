import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentStream } from '#content';
import { CommandShell, type EventLog } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { type Actor, type ContentName, type Counting, type DeploymentId, validateCommand, write } from '#kernel';
import { carryOverQueue } from '#migration';
import { catalogueOf, commandsOf, contexts } from '#server/contexts';
import { CarryOver } from '#server/migrations/carry-over';
import type { Bench } from '../bench.js';

/** Where Microsoft's sample of a normal deployment ends (Gg615006). */
const rooms = 33_000;
const categories = 300;
/** Every so many categories lie in the one before them. */
const nestedEvery = 3;
const roomsPerSecondMin = 15_000;
const waitSecondsMax = 120;

const [source, target, migration] = ['gchat10.contoso.com', 'pchat13.contoso.com', 'wave-1'];
const actor = (id: string): Actor => ({ id, name: id, roles: ['operator', 'approver'], via: 'api' });

export const carryOver: Bench = {
  name: 'carry-over',
  what: `carrying ${rooms} rooms of a legacy deployment over into its target on the embedded log, ${categories} categories, every ${nestedEvery}rd nested`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    const log = await openSqliteLog({ file: join(folder, 'events.db') });
    try {
      const seconds = await secondsToCarryOver(log);
      return {
        what: `${rooms} rooms in ${seconds.toFixed(2)} s`,
        unit: 'rooms/s',
        limitName: 'the bar',
        figure: rooms / seconds,
        limit: roomsPerSecondMin,
        ratio: rooms / seconds / roomsPerSecondMin,
        bar: 1,
        higherIsBetter: true,
      };
    } finally {
      await log.close();
      await rm(folder, { recursive: true });
    }
  },
};

/** From the import on record to the last batch on record. */
async function secondsToCarryOver(log: EventLog): Promise<number> {
  const shell = new CommandShell({ log, catalogue: catalogueOf(contexts), counting: {} as Counting });
  await prepare(shell);
  let trouble: unknown;
  const reaction = new CarryOver({ shell, log, pollMs: 1, onTrouble: (_, error) => (trouble = error) });
  const started = performance.now();
  reaction.start();
  while ((await shell.begin(actor('waiting'), false).load(carryOverQueue)).size > 0) {
    if (trouble !== undefined) throw trouble;
    if (performance.now() - started > waitSecondsMax * 1000) throw new Error(`not done after ${waitSecondsMax} s`);
    await sleep(1);
  }
  const seconds = (performance.now() - started) / 1000;
  await reaction.close();
  const { size } = (await shell.begin(actor('waiting'), false).load(contentStream(target))).rooms;
  if (size !== rooms) throw new Error(`${size} rooms were carried over, not ${rooms}`);
  return seconds;
}

/** The source's content, and a run that has come to its import. */
async function prepare(shell: CommandShell): Promise<void> {
  const send = sender(shell);
  await send('RegisterSite', { site: 'Redmond' });
  for (const [pool, deployment, generation] of [
    ['lync10.contoso.com', source, 'lync-2010'],
    ['pool13.contoso.com', target, 'lync-2013'],
  ]) {
    await send('RegisterPool', { pool, generation, site: 'Redmond' });
    await send('RegisterDeployment', { deployment, generation, homedOn: pool });
  }
  await fill(shell);
  await send('PlanMigration', { migration, source, target });
  await send('RecordBackup', { migration, side: 'source', reference: 'tape 7' });
  for (const side of ['source', 'target']) await send('StopServices', { migration, side });
  await send('RecordExport', { migration, file: 'export.zip', categories, rooms, addIns: 0 });
  await send('ApproveInspection', { migration }, actor('token-2'));
  await send('RecordDryRun', { migration, errors: 0, warnings: 0 });
  await send('RecordImport', { migration, categories, rooms, addIns: 0 });
}

function sender(shell: CommandShell) {
  const commands = commandsOf(contexts);
  return async (name: string, fields: object, by = actor('token-1')): Promise<void> => {
    const definition = commands.find((command) => command.name === name);
    const validated = definition && validateCommand(definition, fields);
    if (!definition || !validated || validated.errors)
      throw new Error(`${name} ${JSON.stringify(fields)} is no command`);
    const client = { ip: null, agent: null };
    const answer = await shell.run(definition, validated.command, { actor: by, correlationId: 'bench', client });
    if (answer.outcome === 'refused') throw new Error(`${name} was refused: ${JSON.stringify(answer.refusals)}`);
  };
}

async function fill(shell: CommandShell): Promise<void> {
  const deployment = source as DeploymentId;
  const stream = contentStream(source);
  const category = (n: number) => `Trading desk ${n}` as ContentName;
  const flags = { invitations: true, fileUpload: true, chatHistory: true };
  const events = [
    ...Array.from({ length: categories }, (_, n) => ({
      type: 'CategoryAdded' as const,
      data: { deployment, category: category(n), parent: n % nestedEvery === 2 ? category(n - 1) : null, ...flags },
    })),
    ...Array.from({ length: rooms }, (_, n) => ({
      type: 'RoomAdded' as const,
      data: {
        deployment,
        room: `Room ${n} of the trading floor` as ContentName,
        category: category(n % categories),
        type: 'normal' as const,
        privacy: 'closed' as const,
        addIn: null,
      },
    })),
  ];
  for (let from = 0; from < events.length; from += 500)
    await shell.batch(actor('token-1'), (unit) => unit.record(write(stream, ...events.slice(from, from + 500)), '{}'));
}
