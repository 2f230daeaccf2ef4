import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { content } from '#content';
import { beforeFirst, CommandShell, type EventLog, type NewRecord, type RecordedEvent, shellEvents } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { homing } from '#homing';
import type { Actor, Counting, EventCatalogue } from '#kernel';
import { policy } from '#policy';
import {
  bulkKind,
  ContentImport,
  type RunEvent,
  runEvents,
  type RunParameters,
  RunService,
  type Sender,
  UserImport,
} from '#runs';
import { topology } from '#topology';
import type { MadePlan } from './make-plan.js';
import type { KnownPlan } from './plan.js';
import { type PlannedRow, plannedEvents, readPlanned } from './planned-rows.js';
import { planEvents } from './plan.js';
import { plansOfRuns } from './plans-of-runs.js';
import { PlanService } from './plan-service.js';

const contexts = [topology, policy, homing, content];
const commands = contexts.flatMap((context) => context.commands);
export const catalogue: EventCatalogue = Object.assign(
  {},
  shellEvents,
  runEvents,
  planEvents,
  plannedEvents,
  ...contexts.map(({ events }) => events),
) as EventCatalogue;

const olga: Actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
export const sender: Sender = { actor: olga, correlationId: 'plan-1', client: { ip: '127.0.0.1', agent: 'spec' } };
export const pools = ['pool13.contoso.com', 'lync10.contoso.com', 'ocs01.contoso.com'] as const;

const nobody = (): Promise<never> => Promise.reject(new Error('nothing is counted here'));
const counting: Counting = {
  policyHolders: () => Promise.resolve(0),
  usersHomed: nobody,
  deploymentsHomed: nobody,
  clientsConnected: nobody,
  contentElsewhere: () => Promise.resolve(null),
};

/** For specs: plans and runs on a log and a data folder of their own, which can be left and opened again. */
export class PlanStory {
  readonly troubles: unknown[] = [];
  /** Streams that plans and runs have read, time after time. */
  readonly reads: string[] = [];
  /** Milliseconds since 1970, as plans see it. */
  now = Date.parse('2013-05-03T12:00:00.000Z');
  private nodes = 0;
  /** Called before each append of the shell. */
  beforeAppend: (records: readonly NewRecord[]) => Promise<void> = () => Promise.resolve();
  plans!: PlanService;
  runs!: RunService;
  shell!: CommandShell;

  private constructor(
    readonly folder: string,
    public log: EventLog,
    /** Who passes a filter, in this order. */
    readonly users: string[],
  ) {}

  static async begin(): Promise<PlanStory> {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-plans-'));
    const story = new PlanStory(folder, await openSqliteLog({ file: join(folder, 'log.db') }), []);
    await story.open();
    await story.send('RegisterSite', { site: 'Redmond' });
    await story.send('CreatePolicy', { policy: 'tag:Traders', enabled: true });
    for (const [index, generation] of (['lync-2013', 'lync-2010', 'ocs-2007-r2'] as const).entries())
      await story.send('RegisterPool', { pool: pools[index], generation, site: 'Redmond' });
    return story;
  }

  /** Users homed on the pool of 2010, who pass the filter. */
  async enrol(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const user = `sip:${name}@contoso.com`;
      await this.send('EnrolUser', { user, pool: 'lync10.contoso.com' });
      this.users.push(user);
    }
  }

  async send(name: string, fields: object): Promise<void> {
    const definition = commands.find((command) => command.name === name)!;
    const command = Object.assign(new definition.command(), fields);
    const answer = await this.shell.run(definition, command, sender);
    if (answer.outcome === 'refused') throw new Error(answer.refusals[0]?.detail);
  }

  /** A plan of a command for everybody who passes. */
  forUsers(command: string, fields: object): Promise<MadePlan> {
    const { path } = commands.find(({ name }) => name === command)!;
    return this.plans.forUsers({ command, kind: path, fields: { ...fields }, users: { pool: 'x' } }, sender);
  }

  forFile(
    kind: string,
    text: string | Buffer,
    contentType = 'text/csv',
    parameters: RunParameters = {},
  ): Promise<MadePlan> {
    return this.plans.forFile(kind, { body: bodyOf(text), contentType, name: 'a file', parameters }, sender);
  }

  async find(plan: string): Promise<KnownPlan> {
    const found = await this.plans.find(plan, sender);
    if (!found) throw new Error(`there is no plan ${plan}`);
    return found;
  }

  async apply(
    { plan, hash }: { readonly plan: string; readonly hash: string },
    key?: string,
    words: object = {},
  ): Promise<string> {
    const asked = key === undefined ? undefined : { key, body: { hash, ...words } };
    return (await this.plans.apply(await this.find(plan), hash, sender, asked)).run;
  }

  async rows(plan: string): Promise<readonly PlannedRow[]> {
    const all: PlannedRow[] = [];
    for await (const { rows } of readPlanned(this.log, catalogue, plan)) all.push(...rows);
    return all;
  }

  /** The run's last word, once it is over. */
  async finished(run: string): Promise<RunEvent['data']> {
    for (let turn = 0; turn < 2000; turn++) {
      const last = (await this.events()).findLast(({ stream }) => stream === `run-${run}`);
      if (last?.type === 'RunFinished' || last?.type === 'RunStopped') return last.data as unknown as RunEvent['data'];
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`the run did not end: ${String(this.troubles.at(-1))}`);
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const all: RecordedEvent[] = [];
    for await (const page of this.log.readAll(beforeFirst)) all.push(...page);
    return all;
  }

  /** `failed.csv` of a run. */
  async failedFile(run: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await this.runs.failedFile(run))!.pieces) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** What a run's rows recorded: `UserHomed sip:alice@contoso.com`. */
  async done(run: string): Promise<readonly string[]> {
    return (await this.events())
      .filter(({ stream, meta }) => meta.causationId === run && !stream.startsWith('run-'))
      .map(
        ({ type, data }) => `${type} ${String(data['user'] ?? data['room'] ?? data['category'] ?? data['command'])}`,
      );
  }

  /** A process that starts on what the last one left. */
  async again(): Promise<void> {
    await this.runs.close();
    await this.log.close();
    this.log = await openSqliteLog({ file: join(this.folder, 'log.db') });
    await this.open();
  }

  async end(): Promise<void> {
    await this.runs.close();
    await this.log.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Another server on the same log, with a data folder and a memory of its own. */
  async otherNode(): Promise<{ readonly plans: PlanService; readonly runs: RunService }> {
    return this.node(join(this.folder, `node-${++this.nodes}`), this.log, true);
  }

  private async open(): Promise<void> {
    const { plans, runs, shell } = await this.node(this.folder, this.watched(this.log), false);
    Object.assign(this, { plans, runs, shell });
  }

  private async node(dataDir: string, log: EventLog, sharedLog: boolean) {
    const shell = new CommandShell({ log, catalogue, counting, sharedLog });
    const kinds = [
      new UserImport(commands, () => Promise.resolve([...pools])),
      new ContentImport(commands),
      ...commands.map((definition) => bulkKind(definition)),
    ];
    const onTrouble = (_: string, error: unknown): unknown => this.troubles.push(error);
    const stored = { dataDir, log, shell, catalogue, kinds };
    const runs = new RunService({ ...stored, onTrouble, plans: plansOfRuns(log, catalogue) });
    const { users } = this;
    async function* passing(): AsyncGenerator<readonly string[]> {
      for (let at = 0; at < users.length; at += 3) yield users.slice(at, at + 3);
    }
    const now = (): number => this.now;
    const plans = new PlanService({ ...stored, runs, users: passing, hours: 24, now });
    await runs.resumeUnfinished();
    return { plans, runs, shell };
  }

  private watched(log: EventLog): EventLog {
    return {
      readStream: (stream, from) => {
        this.reads.push(stream);
        return log.readStream(stream, from);
      },
      readAll: (after) => log.readAll(after),
      subscribe: (after, signal) => log.subscribe(after, signal),
      head: () => log.head(),
      close: () => log.close(),
      append: async (records, checks) => {
        await this.beforeAppend(records);
        return log.append(records, checks);
      },
    };
  }
}

async function* bodyOf(text: string | Buffer): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1021) yield bytes.subarray(at, at + 1021);
}
