import type { Actor } from '#kernel';
import { type RecordedEvent, upcast } from '#event-log';
import type { Sender } from './row-meta.js';
import type { RunKind } from './run-kind.js';
import type { RunServiceOptions } from './run-options.js';
import { type KnownRun, type RunStarted, runStream } from './run.js';

/** Reads runs without deciding anything. */
const reader: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };

/** How a run began, and who its rows are decided for: whoever started it, tried it again or took it over. */
export interface RunStart {
  readonly started: RunStarted['data'];
  readonly sender: Sender;
}

/** Runs as the log tells of them. */
export class RecordedRuns {
  constructor(private readonly options: Pick<RunServiceOptions, 'shell' | 'log' | 'catalogue' | 'kinds' | 'rights'>) {}

  /** How a run stands; undefined where it is unknown. */
  async stateOf(run: string): Promise<KnownRun | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(run)) return undefined;
    return (await this.options.shell.begin(reader, false).load(runStream(run))) ?? undefined;
  }

  /** The kind of a run that is there, where it is still one. */
  kindOf({ kind }: Pick<KnownRun, 'kind'>): RunKind | undefined {
    return this.options.kinds.find((known) => known.kind === kind);
  }

  async startOf({ run, passFrom, actsFrom }: KnownRun): Promise<RunStart> {
    const first = await this.eventOf(run, 0);
    const pass = passFrom === 0 ? first : await this.eventOf(run, passFrom);
    const { actor, correlationId, client, reason, ticket } = (
      actsFrom === passFrom ? pass : await this.eventOf(run, actsFrom)
    ).meta;
    // What the rows were sent for stays so where whoever took them over says nothing else.
    const words = { reason: reason ?? pass.meta.reason, ticket: ticket ?? pass.meta.ticket };
    const sender = { actor: actor as Sender['actor'], correlationId, client, words };
    return { started: upcast(this.options.catalogue, first) as unknown as RunStarted['data'], sender };
  }

  /** Why whoever the rows of a run are decided for may act no more; undefined while they may. */
  async endedRights(state: KnownRun): Promise<string | undefined> {
    const { shell, rights } = this.options;
    const { actor } = (await this.startOf(state)).sender;
    return rights?.(shell.begin(reader, false), actor);
  }

  private async eventOf(run: string, revision: number): Promise<RecordedEvent> {
    for await (const [event] of this.options.log.readStream(runStream(run).name, BigInt(revision)))
      if (event) return event;
    throw new Error(`the run ${run} has no event ${revision}`);
  }
}
