import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { recordDeniedCommand, recordRefusedSignIn } from '#server/access/denials';
import { catalogueOf, commandsOf, contexts } from '#server/contexts';
import { CarryOver } from '#server/migrations/carry-over';
import { CommandShell, type RecordedEvent, UnitOfWork } from '#event-log';
import { type Actor, type DomainEvent, type StreamRef, type StreamType, validateCommand } from '#kernel';
import { PlanService, plansOfRuns } from '#plans';
import { RunService, UserImport } from '#runs';
import { MemoryLog } from '../memory-log.js';
import { knownType } from '../model/apply.js';
import { countingByFolding, fold } from '../model/fold.js';

export const catalogue = catalogueOf(contexts);
const commands = commandsOf(contexts);

/** Types that were written once and are only read by now: nothing in the story records them. */
export const noLongerWritten: ReadonlySet<string> = new Set();

/** Everything that is recorded when all that can happen happens once, and how each stream is folded. */
export interface Story {
  readonly log: MemoryLog;
  /** By the first part of a stream's name. */
  readonly streamTypes: ReadonlyMap<string, StreamType<unknown, DomainEvent>>;
}

const recordedAt = '2026-01-02T03:04:05.678Z';
const waitMsMax = 10_000;
const olga: Actor = { id: 'token-1', name: 'Olga', roles: ['operator', 'approver', 'admin'], via: 'api' };
const request = {
  correlationId: 'golden',
  headers: { 'user-agent': 'golden story' },
  raw: { socket: { remoteAddress: '127.0.0.1' } },
} as unknown as FastifyRequest;
const sender = { actor: olga, correlationId: 'golden', client: { ip: '127.0.0.1', agent: 'golden story' } };
const pools = ['fe13.contoso.com', 'lync10.contoso.com'];
const [pool, legacyPool] = ['fe13.contoso.com', 'lync10.contoso.com'];
const [deployment, legacy] = ['pchat13.contoso.com', 'gchat10.contoso.com'];
const [user, policy, uri] = ['sip:vera@contoso.com', 'tag:Traders', 'sip:ocschat@contoso.com'];

/** A new kind of event is added at the end: the first event of a type is its golden one. */
export async function tellStory(): Promise<Story> {
  const streamTypes = new Map<string, StreamType<unknown, DomainEvent>>();
  const original = Object.getOwnPropertyDescriptor(UnitOfWork.prototype, 'load')?.value as Load;
  const load = jest.spyOn(UnitOfWork.prototype, 'load').mockImplementation(remembering(streamTypes, original));
  const secret = jest.spyOn(UnitOfWork.prototype, 'newSecret').mockReturnValue('the secret of the golden token');
  const log = new MemoryLog({ clock: () => recordedAt });
  const folder = mkdtempSync(join(tmpdir(), 'homeward-golden-'));
  try {
    await tell(log, folder);
  } finally {
    load.mockRestore();
    secret.mockRestore();
    rmSync(folder, { recursive: true });
  }
  return { log, streamTypes };
}

type Load = typeof UnitOfWork.prototype.load;

function remembering(streamTypes: Map<string, StreamType<unknown, DomainEvent>>, load: Load): Load {
  return function (this: UnitOfWork, stream: StreamRef<never, never>) {
    streamTypes.set(stream.type.category, stream.type);
    return load.call(this, stream) as never;
  };
}

async function tell(log: MemoryLog, folder: string): Promise<void> {
  const facts = () => log.recorded.filter(({ type }) => knownType(type));
  const byFolding = countingByFolding(() => Promise.resolve(fold(catalogue, facts())));
  // Where a door stays open: whoever shut it is cut off before it has counted what is behind.
  let cutOffAt: string | undefined;
  const counted = async (count: Promise<any>) => {
    if (log.recorded.at(-1)?.type === cutOffAt) throw new Error('cut off');
    return await count;
  };
  const counting: typeof byFolding = {
    ...byFolding,
    clientsConnected: (asked) => counted(byFolding.clientsConnected(asked)),
    policyHolders: (asked) => counted(byFolding.policyHolders(asked)),
  };
  const shell = new CommandShell({ log, catalogue, counting, clock: () => recordedAt });
  const send = async (name: string, fields: object, key?: string, by: Actor = olga) => {
    const definition = commands.find((command) => command.name === name);
    const validated = definition && validateCommand(definition, fields);
    if (!definition || !validated || validated.errors)
      throw new Error(`${name} ${JSON.stringify(fields)} is no command`);
    const sent = { ...sender, actor: by };
    const context = key === undefined ? sent : { ...sent, key: { key, body: fields } };
    await shell.run(definition, validated.command, context);
  };

  await send('RegisterSite', { site: 'Казань', reason: 'the first site', ticket: 'CHG-1' }, 'golden key');
  await send('RegisterPool', { pool, generation: 'lync-2013', site: 'Казань' });
  await send('RegisterPool', { pool: legacyPool, generation: 'lync-2010', site: 'Казань' });
  await send('RegisterDeployment', { deployment, generation: 'lync-2013', homedOn: pool, name: 'Чат' });
  await send('RegisterDeployment', { deployment: legacy, generation: 'lync-2010', homedOn: legacyPool });
  await send('RegisterPool', { pool: 'fe13b.contoso.com', generation: 'lync-2013', site: 'Казань' });
  await send('RehomeDeployment', { deployment, homedOn: 'fe13b.contoso.com' });
  await send('AddLegacyEndpoint', { deployment, uri });
  await send('RemoveLegacyEndpoint', { deployment, uri });

  await send('CreatePolicy', { policy, enabled: false });
  await send('EnablePolicy', { policy });
  await send('DisablePolicy', { policy });
  await send('EnablePolicy', { policy: 'global' });
  await send('RemovePolicy', { policy: 'global' });

  await send('EnrolUser', { user, displayName: 'Вера', guid: '6f9619ff-8b86-d011-b42d-00c04fc964ff' });
  await send('EnrolUser', { user, displayName: 'Вера Иванова' });
  await send('HomeUser', { user, pool });
  await send('HomeUser', { user, pool: legacyPool });
  cutOffAt = 'PolicyRemovalBegun';
  await expect(send('RemovePolicy', { policy })).rejects.toThrow('cut off');
  cutOffAt = undefined;
  await send('GrantPolicy', { user, policy });
  await send('RemovePolicy', { policy });
  await send('RevokePolicy', { user });
  await send('RemovePolicy', { policy });

  await send('AddCategory', { deployment: legacy, category: 'Общее', invitations: false });
  await send('AddAddIn', { deployment: legacy, addIn: 'Ticker', url: 'https://ticker.contoso.com/' });
  await send('AddRoom', { deployment: legacy, category: 'Общее', room: 'Lobby', addIn: 'Ticker', privacy: 'closed' });
  await send('DetachAddIn', { deployment: legacy, room: 'Lobby' });
  await send('AttachAddIn', { deployment: legacy, room: 'Lobby', addIn: 'Ticker' });
  await send('ExcludeRoom', { deployment: legacy, room: 'Lobby', reason: 'nobody writes there' });
  await send('IncludeRoom', { deployment: legacy, room: 'Lobby' });
  await send('RemoveRoom', { deployment: legacy, room: 'Lobby' });
  await send('RemoveCategory', { deployment: legacy, category: 'Общее' });
  await send('RemoveAddIn', { deployment: legacy, addIn: 'Ticker' });

  await send('SealDeployment', { deployment: legacy });
  await send('UnsealDeployment', { deployment: legacy });
  await send('SealDeployment', { deployment: legacy });
  for (const gate of ['group-chat-uninstalled', 'trusted-application-removed'])
    await send('AttestGate', { subject: `deployment:${legacy}`, gate, evidence: 'CHG-2' });
  const waiver = { gate: 'backup-kept', reason: 'kept elsewhere', expiresAt: '2027-01-01T00:00:00.000Z' };
  await send('WaiveGate', { subject: `deployment:${legacy}`, ...waiver });
  cutOffAt = 'DeploymentClosingBegun';
  await expect(send('DecommissionDeployment', { deployment: legacy })).rejects.toThrow('cut off');
  cutOffAt = undefined;
  await send('ConnectClient', { user, client: 'group-chat-2010', deployment: legacy });
  await send('DisconnectClient', { user, client: 'group-chat-2010' });
  await send('DecommissionDeployment', { deployment: legacy });
  await send('RetireUser', { user });
  await send('SealPool', { pool: legacyPool });
  await send('UnsealPool', { pool: legacyPool });
  await send('SealPool', { pool: legacyPool });
  for (const gate of [
    'contact-objects-moved',
    'conference-directories-moved',
    'central-management-moved',
    'call-admission-rehosted',
    'dns-records-updated',
  ])
    await send('AttestGate', { subject: `pool:${legacyPool}`, gate, evidence: 'CHG-3' });
  await send('DecommissionPool', { pool: legacyPool });
  await send('HomeUser', { user, pool: legacyPool });

  await send('IssueToken', { name: 'nightly import', roles: ['operator'], expiresAt: '2027-01-01T00:00:00.000Z' });
  const issued = log.recorded.find(({ type }) => type === 'TokenIssued');
  await send('RevokeToken', { token: issued?.data['token'] });
  await recordRefusedSignIn(shell, 'unknown', null, null, request);
  const denied = { command: 'SealPool', fields: { pool }, subjects: [`pool:${pool}`], needed: ['operator'] as const };
  await recordDeniedCommand(shell, olga, denied, { reason: null, ticket: null }, request);

  await runs(log, shell, folder);
  await migration(log, shell, (name, fields, by) => send(name, fields, undefined, by));
  await plans(log, shell, folder);
  await sharedRun(log, shell, folder);
}

/** One migration to its end and back, with something that it overwrites. */
async function migration(
  log: MemoryLog,
  shell: CommandShell,
  send: (name: string, fields: object, by?: Actor) => Promise<void>,
): Promise<void> {
  const [source, target, migration] = ['gchat07.contoso.com', 'pchat13b.contoso.com', 'wave-1'];
  const ocs = 'ocs07.contoso.com';
  await send('RegisterPool', { pool: ocs, generation: 'ocs-2007-r2', site: 'Казань' });
  await send('RegisterDeployment', { deployment: source, generation: 'ocs-2007-r2', homedOn: ocs });
  await send('RegisterDeployment', { deployment: target, generation: 'lync-2013', homedOn: pool });
  await send('AddCategory', { deployment: source, category: 'Торговля', invitations: false });
  await send('AddCategory', { deployment: source, category: 'Desks', parent: 'Торговля' });
  await send('AddAddIn', { deployment: source, addIn: 'Ticker', url: 'https://ticker.contoso.com/' });
  await send('AddRoom', { deployment: source, category: 'Desks', room: 'FX', addIn: 'Ticker' });
  await send('AddRoom', { deployment: source, category: 'Торговля', room: 'Lobby' });
  await send('AddCategory', { deployment: target, category: 'Pilot' });
  await send('AddRoom', { deployment: target, category: 'Pilot', room: 'Lobby', privacy: 'open' });

  const contentCutoff = '2012-01-31';
  await send('PlanMigration', { migration, source, target, contentCutoff, lookupUri: 'sip:lookup@contoso.com' });
  await send('ResolveFinding', {
    subject: `migration:${migration}`,
    finding: 'prepare.same-forest',
    resolution: 'both are in contoso.com',
  });
  const waiver = { finding: 'prepare.federated-members', expiresAt: '2027-01-01T00:00:00.000Z' };
  await send('WaiveFinding', { subject: `migration:${migration}`, ...waiver, reason: 'there are none' });
  for (const side of ['source', 'target']) {
    await send('RecordBackup', { migration, side, reference: 'tape 7' });
    await send('StopServices', { migration, side });
  }
  const counts = { categories: 2, rooms: 2, addIns: 1 };
  await send('RecordExport', { migration, file: 'export.zip', ...counts, sha256: 'ab'.repeat(32) });
  await send('ApproveInspection', { migration }, { ...olga, id: 'token-2', name: 'Arne' });
  await send('RecordDryRun', { migration, errors: 0, warnings: 0, report: 'dry-run.html' });
  await send('RecordImport', { migration, ...counts, report: 'import.html' });
  const carryOver = new CarryOver({ shell, log, pollMs: 5, onTrouble: () => undefined });
  carryOver.start();
  await until(log, 'CarryOverSettled');
  await send('RecordFilesCopied', { migration, files: 12, bytes: 34_567 });
  await send('DeleteLookupAccount', { migration, uri: 'sip:lookup@contoso.com' });
  await send('StartServices', { migration, side: 'target' });
  await send('RecordVerification', { migration, method: 'counts', conflicts: 0, report: 'compared by hand' });
  await send('CompleteMigration', { migration });
  await send('RollBackMigration', { migration, reason: 'the pilot is over', acceptLossOfNewMessages: true });
  await until(log, 'CarriedContentTakenBack');
  await carryOver.close();
}

/** One run to its end, one whose file is gone when it is to go on, and one that is paused, resumed and tried again. */
async function runs(log: MemoryLog, shell: CommandShell, dataDir: string): Promise<void> {
  const open = () => {
    const kinds = [new UserImport(commands, () => Promise.resolve(pools))];
    return new RunService({ dataDir, log, shell, catalogue, kinds, onTrouble: () => undefined });
  };
  const upload = (text: string) => ({ body: pieces(text), contentType: 'text/csv', name: 'users.csv' });
  const first = open();
  await first.resumeUnfinished();
  const rows = `"sip:boris@contoso.com","Борис","${pool}"\r\n"sip:nina@contoso.com","Нина","nowhere.contoso.com"\r\n`;
  const header = '"SipAddress","DisplayName","RegistrarPool"\r\n';
  await first.start('users', upload(header + rows), sender);
  await until(log, 'RunFinished');
  const { run } = await first.start('users', upload(header + rows), sender);
  await first.close();
  const file = join(dataDir, 'files', `${run}.csv`);
  if (!existsSync(file)) throw new Error(`the run has no file ${file}`);
  rmSync(file);
  const second = open();
  await second.resumeUnfinished();
  await until(log, 'RunStopped');
  const why = { ...sender, words: { reason: 'business hours', ticket: 'CHG-4' } };
  const { run: paused } = await second.start('users', upload(header + rows), sender);
  await second.act('pause', paused, why);
  await second.act('resume', paused, why);
  await until(log, 'RunFinished', 2);
  await second.act('retry', paused, why);
  await until(log, 'RunFinished', 3);
  await second.close();
}

/** One plan, made and applied. */
async function plans(log: MemoryLog, shell: CommandShell, dataDir: string): Promise<void> {
  const kinds = [new UserImport(commands, () => Promise.resolve(pools))];
  const stored = { dataDir, log, shell, catalogue, kinds };
  const runs = new RunService({ ...stored, plans: plansOfRuns(log, catalogue), onTrouble: () => undefined });
  await runs.resumeUnfinished();
  const nobody = (): AsyncIterable<readonly string[]> => {
    throw new Error('the story plans a file');
  };
  const now = (): number => Date.parse(recordedAt);
  const service = new PlanService({ ...stored, runs, users: nobody, hours: 24, now });
  const text = `SipAddress,RegistrarPool\r\nsip:igor@contoso.com,${pool}\r\nsip:olya@contoso.com,nowhere.contoso.com\r\nx,\r\n`;
  const { plan, hash } = await service.forFile(
    'users',
    { body: pieces(text), contentType: 'text/csv', name: 'users.csv' },
    sender,
  );
  const known = await service.find(plan, sender);
  if (!known) throw new Error('the plan is not known');
  const finished = log.recorded.filter(({ type }) => type === 'RunFinished').length;
  await service.apply(known, hash, { ...sender, words: { reason: 'as planned', ticket: 'CHG-4' } });
  await until(log, 'RunFinished', finished + 1);
  await runs.close();
}

/** One run of a node that shares its log, left when the node is stopped. */
async function sharedRun(log: MemoryLog, shell: CommandShell, dataDir: string): Promise<void> {
  const kinds = [new UserImport(commands, () => Promise.resolve(pools))];
  const sharing = {
    node: 'b9a2f3de-7d0c-4c0e-9a53-0f2f6d1c7a11',
    underWay: () => Promise.resolve([]),
    onTakenOver: () => undefined,
    onTrouble: () => undefined,
  };
  const service = new RunService({ dataDir, log, shell, catalogue, kinds, sharing, onTrouble: () => undefined });
  await service.resumeUnfinished();
  const body = pieces(`SipAddress,RegistrarPool\r\nsip:rita@contoso.com,${pool}\r\n`);
  await service.start('users', { body, contentType: 'text/csv' }, sender);
  await service.close();
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function until(log: MemoryLog, type: string, times = 1): Promise<void> {
  const seen = (): number => log.recorded.filter((event) => event.type === type).length;
  for (let waited = 0; seen() < times; waited += 5) {
    if (waited > waitMsMax) throw new Error(`no ${type} came`);
    await sleep(5);
  }
}

/** The first event of a type in the story. */
export function firstOf({ log }: Story, type: string): RecordedEvent | undefined {
  return log.recorded.find((event) => event.type === type);
}
