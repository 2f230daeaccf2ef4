import {
  describeEvents,
  type DeploymentId,
  type DomainEvent,
  neverEvent,
  type StreamRef,
  streamOf,
  type StreamType,
  type Write,
  write,
} from '#kernel';

interface Of {
  readonly deployment: DeploymentId;
  readonly migration: string;
}
export type SourceTaken = DomainEvent<'SourceTaken', Of>;
export type SourceReturned = DomainEvent<'SourceReturned', Of>;
export type TargetHeld = DomainEvent<'TargetHeld', Of>;
export type TargetReleased = DomainEvent<'TargetReleased', Of>;
export type MigratingEvent = SourceTaken | SourceReturned | TargetHeld | TargetReleased;

const internally = { schemaVersion: 1, subjects: () => [], internal: true } as const;

export const migratingEvents = describeEvents<MigratingEvent>({
  SourceTaken: { ...internally, say: ({ deployment, migration }) => `took ${deployment} for ${migration}` },
  SourceReturned: { ...internally, say: ({ deployment, migration }) => `gave ${deployment} back from ${migration}` },
  TargetHeld: { ...internally, say: ({ deployment, migration }) => `holds ${deployment} stopped for ${migration}` },
  TargetReleased: { ...internally, say: ({ deployment, migration }) => `released ${deployment} from ${migration}` },
});

/** Which migrations a deployment is part of: a legacy one has one run at a time, and one run at a time holds a target stopped. */
export interface Migrating {
  /** The run of which it is the source, and that is not rolled back. */
  readonly run: string | null;
  /** The run that holds it stopped as its target. */
  readonly heldBy: string | null;
}

const migrating: StreamType<Migrating, MigratingEvent> = {
  category: 'migrating',
  initial: { run: null, heldBy: null },
  evolve: (state, event) => {
    switch (event.type) {
      case 'SourceTaken':
        return { ...state, run: event.data.migration };
      case 'SourceReturned':
        return { ...state, run: null };
      case 'TargetHeld':
        return { ...state, heldBy: event.data.migration };
      case 'TargetReleased':
        return { ...state, heldBy: null };
      default:
        return neverEvent(event);
    }
  },
};

export const migratingStream = (deployment: string): StreamRef<Migrating, MigratingEvent> =>
  streamOf(migrating, deployment);

/** A run that is closed holds nothing: it could never release it. */
export function releaseTarget(
  { migration, target: deployment }: { readonly migration: string; readonly target: DeploymentId },
  heldBy: string | null,
): readonly Write[] {
  const released = { type: 'TargetReleased', data: { deployment, migration } } as const;
  return heldBy === migration ? [write(migratingStream(deployment), released)] : [];
}
