import { describeEvents, type DomainEvent, neverEvent, type StreamRef, streamOf, type StreamType } from '#kernel';

/** Of nodes that share a log: one of them works on the run from here on, or says that it still does. */
export type RunClaimed = DomainEvent<
  'RunClaimed',
  {
    readonly run: string;
    readonly node: string;
    /** Of the run itself, by then. */
    readonly events: number;
  }
>;

/** The node that worked on the run leaves it to the next one that looks. */
export type RunReleased = DomainEvent<'RunReleased', { readonly run: string; readonly node: string }>;

export type ClaimEvent = RunClaimed | RunReleased;

/** Who works on a run, of the nodes that share its log. */
export interface Claim {
  /** Null once it was released. */
  readonly node: string | null;
  /** Events of the run when it was claimed last. */
  readonly events: number;
  /** Nodes that have claimed it one after the other since it has recorded anything, the first one aside. */
  readonly fruitless: number;
  /** Events so far: each one is a sign of life. */
  readonly signs: number;
}

const claims: StreamType<Claim | null, ClaimEvent> = {
  category: 'claim',
  initial: null,
  evolve: (state, event) => {
    const { events = 0, fruitless = 0, signs = 0 } = state ?? {};
    switch (event.type) {
      case 'RunClaimed': {
        const { node, events: now } = event.data;
        const isInVain = state !== null && state.node !== node && events === now;
        const inVain = events === now ? fruitless + (isInVain ? 1 : 0) : 0;
        return { node, events: now, fruitless: inVain, signs: signs + 1 };
      }
      case 'RunReleased':
        return { node: null, events, fruitless, signs: signs + 1 };
      default:
        return neverEvent(event);
    }
  },
};

/** Beside the run's own stream: whoever records anything of the run checks both. */
export const claimStream = (run: string): StreamRef<Claim | null, ClaimEvent> => streamOf(claims, run);

const internally = { schemaVersion: 1, subjects: () => [], internal: true } as const;

export const claimEvents = describeEvents<ClaimEvent>({
  RunClaimed: { ...internally, say: ({ run, node }) => `works on the run ${run} as the node ${node}` },
  RunReleased: { ...internally, say: ({ run, node }) => `left the run ${run} as the node ${node}` },
});
