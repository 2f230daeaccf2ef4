import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogueOf, commandsOf, contexts } from '#server/contexts';
import { kindsOfRuns } from '#server/runs/kinds-of-runs';
import { CommandShell, type EventLog, type NewRecord, type RecordedEvent } from '#event-log';
import { type Actor, type Counting, validateCommand } from '#kernel';
import { type ClaimPace, type RunActionName, RunService, type Sender } from '#runs';
import type { MemoryLog } from '../memory-log.js';

const catalogue = catalogueOf(contexts);
const commands = commandsOf(contexts);
const pools = ['fe13.contoso.com'];
const olga: Actor = { id: 'token-1', name: 'Olga', roles: ['operator'], via: 'api' };
export const sender: Sender = {
  actor: olga,
  correlationId: 'upload-1',
  client: { ip: '127.0.0.1', agent: 'spec' },
};
const nobody = (): Promise<never> => Promise.reject(new Error('nothing is counted here'));
const counting: Counting = {
  policyHolders: nobody,
  usersHomed: nobody,
  deploymentsHomed: nobody,
  clientsConnected: nobody,
  contentElsewhere: nobody,
};

/** Fast enough for specs. */
export const pace: ClaimPace = { silentMs: 1000, signMs: 200, lookMs: 20 };

/** A node with a data folder, a shell and runs of its own over a log that is others' too. */
export class RunNode {
  readonly shell: CommandShell;
  readonly runs: RunService;
  readonly folder = mkdtempSync(join(tmpdir(), 'homeward-node-'));
  readonly takenOver: (readonly [run: string, from: string | null])[] = [];
  readonly troubles: unknown[] = [];
  /** Appends of it that landed. */
  readonly appended: (readonly NewRecord[])[] = [];
  private frozen: Promise<void> | undefined;
  private thaw: () => void = () => undefined;

  constructor(
    readonly name: string,
    log: MemoryLog,
    claims: ClaimPace = pace,
  ) {
    const own = this.through(log);
    this.shell = new CommandShell({ log: own, catalogue, counting, sharedLog: true });
    this.runs = new RunService({
      dataDir: this.folder,
      log: own,
      shell: this.shell,
      catalogue,
      kinds: kindsOfRuns(commands, () => Promise.resolve(pools)),
      onTrouble: (_, error) => this.troubles.push(error),
      sharing: {
        node: name,
        underWay: () => Promise.resolve(runsUnderWay(log.recorded)),
        onTakenOver: (run, from) => this.takenOver.push([run, from]),
        onTrouble: (error) => this.troubles.push(error),
        pace: claims,
      },
    });
  }

  /** As the process does when it is stopped by a signal, or its machine has no time for it: it neither reads nor writes until `resume`. */
  freeze(): void {
    this.frozen ??= new Promise((resolve) => {
      this.thaw = resolve;
    });
  }

  resume(): void {
    this.frozen = undefined;
    this.thaw();
  }

  async send(name: string, fields: object): Promise<void> {
    const definition = commands.find((command) => command.name === name)!;
    const validated = validateCommand(definition, fields);
    if (validated.errors) throw new Error(JSON.stringify(validated.errors));
    const answer = await this.shell.run(definition, validated.command, sender);
    if (answer.outcome === 'refused') throw new Error(answer.refusals[0]?.detail);
  }

  async upload(text: string, kind = 'users'): Promise<string> {
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.from(text);
    }
    return (await this.runs.start(kind, { body: body(), contentType: 'text/csv' }, sender)).run;
  }

  act(name: RunActionName, run: string): Promise<void> {
    return this.runs.act(name, run, sender);
  }

  async failedFile(run: string): Promise<string> {
    const file = await this.runs.failedFile(run);
    if (!file) throw new Error('there is no such file');
    const pieces: Uint8Array[] = [];
    for await (const piece of file.pieces) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }

  async end(): Promise<void> {
    this.resume();
    await this.runs.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private through(log: MemoryLog): EventLog {
    const { appended } = this;
    const breath = async (): Promise<void> => {
      while (this.frozen) await this.frozen;
    };
    const shared: EventLog = log;
    return new Proxy(shared, {
      get: (target, property) => {
        if (property === 'append')
          return async (...[records, checks]: Parameters<EventLog['append']>) => {
            await breath();
            const answer = await target.append(records, checks);
            if (!answer.conflicts) appended.push(records);
            await breath();
            return answer;
          };
        if (property === 'readStream')
          return async function* readStream(...asked: Parameters<EventLog['readStream']>) {
            await breath();
            yield* target.readStream(...asked);
          };
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

/** As the views know it. */
function runsUnderWay(events: readonly RecordedEvent[]): readonly string[] {
  const running = new Set<string>();
  for (const { type, data } of events) {
    if (['RunStarted', 'RunResumed', 'RunRetried'].includes(type)) running.add(String(data['run']));
    if (['RunPaused', 'RunFinished', 'RunStopped'].includes(type)) running.delete(String(data['run']));
  }
  return [...running];
}

const waitMsMax = 20_000;

export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const since = Date.now(); !isSo();) {
    if (Date.now() - since > waitMsMax) throw new Error(`it did not happen that ${what}`);
    await sleep(2);
  }
}
