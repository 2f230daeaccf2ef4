import type { Actor, EventCatalogue } from '#kernel';
import type { CommandShell, EventLogReader, UnitOfWork } from '#event-log';
import type { LeftOut } from './failed-file.js';
import type { ClaimPace } from './run-claims.js';
import type { RowGuard, RunKind } from './run-kind.js';

export interface RunServiceOptions {
  readonly dataDir: string;
  readonly log: EventLogReader;
  readonly shell: CommandShell;
  readonly catalogue: EventCatalogue;
  readonly kinds: readonly RunKind[];
  /** A run could not go on just now and will try again: for the server's own log. */
  readonly onTrouble: (run: string, error: unknown, retryInSeconds: number) => void;
  readonly fileBytesMax?: number;
  readonly plans?: PlansOfRuns;
  /** Why whoever sent the rows of a run may act no more; undefined while they may. Left out, everybody always may. */
  readonly rights?: (unit: UnitOfWork, actor: Actor) => string | undefined | Promise<string | undefined>;
  /** Where other nodes work on runs of the same log. */
  readonly sharing?: RunSharing;
}

/** What runs that apply plans ask of those. */
export interface PlansOfRuns {
  /** Watches over the rows of a plan that a run applies. */
  readonly guard: (plan: string, run: string) => RowGuard;
  /** The rows that failed when the plan was made, so that its run does not have them. */
  readonly leftOut: (plan: string) => Promise<LeftOut>;
}

/** What makes a run go on at another node when its own is gone. */
export interface RunSharing {
  /** Of this process, among all that ever work on the log. */
  readonly node: string;
  /** Runs that are under way on some node, as far as is known here. */
  readonly underWay: () => Promise<readonly string[]>;
  /** A run goes on here from now on, after this node or nobody. */
  readonly onTakenOver: (run: string, from: string | null) => void;
  /** It could not be found out just now whether there are runs to take over. */
  readonly onTrouble: (error: unknown) => void;
  readonly pace?: ClaimPace;
}
