import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor, Counting, EventCatalogue } from '#kernel';
import { CommandShell, type EventLog, type RecordedEvent, shellEvents } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { content } from '#content';
import { homing } from '#homing';
import { policy } from '#policy';
import { topology } from '#topology';
import { beforeFirst } from '#event-log';
import { type RunAdvanced, type RunEvent, runEvents } from './run.js';
import type { RunParameters } from './run-kind.js';
import type { Words } from './row-meta.js';
import type { RunActionName } from './run-actions.js';
import { ContentImport } from './content-import.js';
import { bulkKind } from './bulk.js';
import { RunService } from './run-service.js';
import { UserImport } from './user-import.js';

const commands = [...topology.commands, ...policy.commands, ...homing.commands, ...content.commands];
const catalogue: EventCatalogue = {
  ...topology.events,
  ...policy.events,
  ...homing.events,
  ...content.events,
  ...shellEvents,
  ...runEvents,
};
export const pat: Actor = { id: 'token-2', name: 'Pat', roles: ['operator'], via: 'console' };
const olga: Actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
export const sender = { actor: olga, correlationId: 'upload-1', client: { ip: '127.0.0.1', agent: 'spec' } };
const nobody = (): Promise<never> => Promise.reject(new Error('nothing is counted here'));
const counting: Counting = {
  policyHolders: (policy) => Promise.resolve(policy === 'tag:Traders' ? 3 : 0),
  usersHomed: nobody,
  deploymentsHomed: nobody,
  clientsConnected: nobody,
  contentElsewhere: () => Promise.resolve(null),
};

/** For specs: runs on a log and a data folder of their own, which can be left and opened again. */
export class RunStory {
  readonly troubles: unknown[] = [];
  /** Ids of tokens that may act no more. */
  readonly ended = new Set<string>();
  private readonly pools: string[] = [];
  private constructor(
    readonly folder: string,
    public log: EventLog,
    private wrap: (log: EventLog) => EventLog,
    private readonly fileBytesMax: number | undefined,
  ) {}

  service!: RunService;
  shell!: CommandShell;

  static async begin(wrap: (log: EventLog) => EventLog = (log) => log, fileBytesMax?: number): Promise<RunStory> {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-runs-'));
    const story = new RunStory(folder, await openSqliteLog({ file: join(folder, 'log.db') }), wrap, fileBytesMax);
    await story.open();
    await story.send('RegisterSite', { site: 'Redmond' });
    await story.send('CreatePolicy', { policy: 'tag:Traders', enabled: true });
    await story.send('CreatePolicy', { policy: 'tag:no-chat', enabled: false });
    for (const [pool, generation] of [
      ['pool13.contoso.com', 'lync-2013'],
      ['lync10.contoso.com', 'lync-2010'],
      ['ocs01.contoso.com', 'ocs-2007-r2'],
    ] as const) {
      await story.registerPool(pool, generation);
    }
    return story;
  }

  async registerPool(pool: string, generation: string): Promise<void> {
    await this.send('RegisterPool', { pool, generation, site: 'Redmond' });
    this.pools.push(pool);
  }

  /** A process that starts on what the last one left; `wrap` as long as this one lasts. */
  async again(wrap: (log: EventLog) => EventLog = (log) => log): Promise<void> {
    await this.service.close();
    await this.log.close();
    this.log = await openSqliteLog({ file: join(this.folder, 'log.db') });
    this.wrap = wrap;
    await this.open();
  }

  async end(): Promise<void> {
    await this.service.close();
    await this.log.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async send(name: string, fields: object): Promise<void> {
    const definition = commands.find((command) => command.name === name)!;
    const command = Object.assign(new definition.command(), fields);
    const answer = await this.shell.run(definition, command, sender);
    if (answer.outcome === 'refused') throw new Error(answer.refusals[0]?.detail);
  }

  /** Sends a file in pieces of a size that cuts characters and line ends in two. */
  async upload(
    file: string | Uint8Array,
    contentType = 'text/csv',
    pieceBytes = 1021,
    kind = 'users',
    parameters: RunParameters = {},
  ): Promise<string> {
    const bytes = Buffer.from(file);
    async function* body(): AsyncGenerator<Buffer> {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    }
    return (await this.service.start(kind, { body: body(), contentType, parameters }, sender)).run;
  }

  async import(file: string | Uint8Array, pieceBytes?: number): Promise<Imported> {
    const before = (await this.events()).length;
    const run = await this.upload(file, 'text/csv', pieceBytes);
    return this.finished(run, before);
  }

  /** Sends a file of one command, by its path. */
  async bulk(command: string, file: string | Uint8Array, contentType = 'text/csv'): Promise<Imported> {
    const before = (await this.events()).length;
    return this.finished(await this.upload(file, contentType, 1021, command), before);
  }

  /** Sends the content of a deployment. */
  async importContent(deployment: string, file: string | Uint8Array): Promise<Imported> {
    const before = (await this.events()).length;
    return this.finished(await this.upload(file, 'text/csv', 1021, 'content', { deployment }), before);
  }

  /** What somebody who is not the run's sender does with it. */
  act(name: RunActionName, run: string, words: Words = { reason: null, ticket: null }): Promise<void> {
    return this.service.act(name, run, { ...sender, actor: pat, words });
  }

  async finished(run: string, before = 0): Promise<Imported> {
    for (let turn = 0; turn < 2000; turn++) {
      const imported = new Imported(run, (await this.events()).slice(before));
      if (imported.over) return imported;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`the run did not end: ${String(this.troubles.at(-1))}`);
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const all: RecordedEvent[] = [];
    for await (const page of this.log.readAll(beforeFirst)) all.push(...page);
    return all;
  }

  async failedFile(run: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await this.service.failedFile(run))!.pieces) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  private async open(): Promise<void> {
    const log = this.wrap(this.log);
    this.shell = new CommandShell({ log, catalogue, counting });
    this.service = new RunService({
      dataDir: this.folder,
      log,
      shell: this.shell,
      catalogue,
      kinds: [
        new UserImport(commands, () => Promise.resolve(this.pools)),
        new ContentImport(commands),
        ...commands.map((definition) => bulkKind(definition)),
      ],
      ...(this.fileBytesMax !== undefined && { fileBytesMax: this.fileBytesMax }),
      onTrouble: (_, error) => this.troubles.push(error),
      rights: (_, { id }) => (this.ended.has(id) ? `because the token ${id} is revoked` : undefined),
    });
    await this.service.resumeUnfinished();
  }
}

/** What a run has left in the log. */
export class Imported {
  /** Its rows' events. */
  readonly events: readonly RecordedEvent[];
  readonly advanced: readonly RunAdvanced['data'][];
  private readonly last: RunEvent | undefined;

  constructor(
    readonly run: string,
    events: readonly RecordedEvent[],
  ) {
    const own = events.filter(({ stream }) => stream === `run-${run}`);
    this.events = events.filter(({ stream, meta }) => stream !== `run-${run}` && meta.causationId === run);
    this.advanced = own
      .filter(({ type }) => type === 'RunAdvanced')
      .map(({ data }) => data as unknown as RunAdvanced['data']);
    this.last = own.at(-1) as unknown as RunEvent | undefined;
  }

  get over(): boolean {
    return this.last?.type === 'RunFinished' || this.last?.type === 'RunStopped';
  }

  get counts(): RunAdvanced['data']['counts'] {
    if (this.last?.type !== 'RunFinished') throw new Error(`the run is not finished: ${JSON.stringify(this.last)}`);
    return this.last.data.counts;
  }

  get rows(): RunAdvanced['data']['rows'] {
    return this.advanced.flatMap(({ rows }) => rows);
  }

  /** `UserHomed sip:…`, in log order. */
  get told(): readonly string[] {
    return this.events.map(({ type, data }) => `${type} ${String(data['user'] ?? data['command'])}`);
  }
}
