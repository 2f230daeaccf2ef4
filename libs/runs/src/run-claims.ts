import { type Actor, canonicalJson, write } from '#kernel';
import type { CommandShell, EventMeta, UnitOfWork } from '#event-log';
import { type Claim, claimStream } from './claim.js';
import { type KnownRun, runStream } from './run.js';
import { SignsOfLife } from './signs-of-life.js';

/** How soon a run goes on elsewhere. */
export interface ClaimPace {
  /** A run whose node has shown no sign of life for so long goes on at another one. */
  readonly silentMs: number;
  /** A node that works on a run without recording anything of it shows one so often. */
  readonly signMs: number;
  /** How often a node looks for runs that are nobody's. */
  readonly lookMs: number;
}

/** An election of KurrentDB is over by then, most of the time; a run that changes its node for nothing costs no more than its node's next batch. */
export const claimPace: ClaimPace = { silentMs: 15_000, signMs: 4_000, lookMs: 2_000 };

/** A run that no node gets on with changes hands less and less often, down to once in so long. */
const silentMsMax = 3_600_000;

/** Acts by itself: nobody's token. */
const worker: Actor = { id: 'system', name: 'Homeward', roles: [], via: 'system' };

/** Who works on which run, of nodes that share a log. What a run records is checked against its claim, so a node that has lost one records nothing more. */
export class RunClaims {
  private readonly signs: SignsOfLife;

  constructor(
    /** Of this process, among all that ever work on the log. */
    readonly node: string,
    private readonly shell: CommandShell,
    readonly pace: ClaimPace = claimPace,
  ) {
    this.signs = new SignsOfLife(pace.lookMs);
  }

  /** Claims a run in an append of its own events. */
  async claimIn(unit: UnitOfWork, run: string): Promise<void> {
    const { events = 0 } = (await unit.load(runStream(run))) ?? {};
    const { node } = this;
    await unit.record(write(claimStream(run), { type: 'RunClaimed', data: { run, node, events } }), metaOf(run));
  }

  /** It is this node's; the append of the unit fails where that changes meanwhile. */
  async holds(unit: UnitOfWork, run: string): Promise<boolean> {
    return (await unit.load(claimStream(run)))?.node === this.node;
  }

  /** Nobody works on the run as far as can be told from here. */
  isAbandoned(run: KnownRun, claim: Claim | null, nowMs: number): boolean {
    if (!claim || claim.node === null) return true;
    const silentMs = this.signs.silentMs(run.run, `${run.events} ${claim.signs}`, nowMs);
    const inVain = claim.events === run.events ? claim.fruitless : 0;
    return silentMs >= Math.min(this.pace.silentMs * 2 ** inVain, silentMsMax);
  }

  /** Forgets the runs that are no others' any more. */
  watchOnly(runs: ReadonlySet<string>): void {
    this.signs.keepOnly(runs);
  }

  async claimOf(run: string): Promise<Claim | null> {
    return this.shell.begin(worker, false).load(claimStream(run));
  }

  /** Takes a run over as it was seen; false where anything of it has moved since. */
  async take(run: KnownRun, claim: Claim | null): Promise<boolean> {
    const { value } = await this.shell.batch(worker, async (unit) => {
      const now = await unit.load(runStream(run.run));
      const claimed = await unit.load(claimStream(run.run));
      if (now?.events !== run.events || now.state !== 'running' || claimed?.signs !== claim?.signs) return false;
      await this.claimIn(unit, run.run);
      return true;
    });
    return value;
  }

  /** A sign of life of a run that this node works on. */
  async renew(run: string): Promise<void> {
    await this.shell.batch(worker, async (unit) => {
      if ((await unit.load(runStream(run)))?.state === 'running' && (await this.holds(unit, run)))
        await this.claimIn(unit, run);
    });
  }

  /** Leaves a run that is not over to the next node that looks. */
  async release(run: string): Promise<void> {
    const { node } = this;
    await this.shell.batch(worker, async (unit) => {
      if ((await unit.load(runStream(run)))?.state === 'running' && (await this.holds(unit, run)))
        await unit.record(write(claimStream(run), { type: 'RunReleased', data: { run, node } }), metaOf(run));
    });
  }
}

/** Canonical JSON. */
function metaOf(run: string): string {
  const { id, name, roles, via } = worker;
  const meta: EventMeta = {
    actor: { id, name, roles, via },
    command: null,
    reason: null,
    ticket: null,
    commandId: `${run}:claim`,
    correlationId: run,
    causationId: run,
    client: { ip: null, agent: null },
  };
  return canonicalJson(meta);
}
