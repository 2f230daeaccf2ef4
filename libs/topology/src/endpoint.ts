import {
  describeEvents,
  type DeploymentId,
  type DomainEvent,
  neverEvent,
  type SipUri,
  type StreamRef,
  streamOf,
  type StreamType,
} from '#kernel';

type Reservation = { readonly uri: SipUri; readonly deployment: DeploymentId };
export type EndpointReserved = DomainEvent<'EndpointReserved', Reservation>;
export type EndpointReleased = DomainEvent<'EndpointReleased', Reservation>;
interface LookupAccount {
  readonly uri: SipUri;
  readonly migration: string;
}
/** A migration was planned whose legacy clients look this account up. */
export type LookupAccountKnown = DomainEvent<'LookupAccountKnown', LookupAccount>;
/** That migration knows the account to be deleted, or is rolled back. */
export type LookupAccountForgotten = DomainEvent<'LookupAccountForgotten', LookupAccount>;
export type EndpointEvent = EndpointReserved | EndpointReleased | LookupAccountKnown | LookupAccountForgotten;

export const endpointEvents = describeEvents<EndpointEvent>({
  EndpointReserved: {
    schemaVersion: 1,
    subjects: () => [],
    say: ({ uri, deployment }) => `reserved ${uri} for ${deployment}`,
    internal: true,
  },
  EndpointReleased: {
    schemaVersion: 1,
    subjects: () => [],
    say: ({ uri, deployment }) => `released ${uri} from ${deployment}`,
    internal: true,
  },
  LookupAccountKnown: {
    schemaVersion: 1,
    subjects: () => [],
    say: ({ uri, migration }) => `noted that ${uri} is the lookup account of ${migration}`,
    internal: true,
  },
  LookupAccountForgotten: {
    schemaVersion: 1,
    subjects: () => [],
    say: ({ uri, migration }) => `noted that ${uri} is the lookup account of ${migration} no longer`,
    internal: true,
  },
});

/** What has a URI: it cannot belong to a legacy endpoint and to a lookup account at once. */
export interface Endpoint {
  /** Whose legacy endpoint it is: written with the deployment's own event, so that it is on one at a time. */
  readonly deployment: DeploymentId | null;
  /** Migrations under way for which the account of this URI is still there. */
  readonly lookupAccountOf: readonly string[];
}

const endpoints: StreamType<Endpoint, EndpointEvent> = {
  category: 'endpoint',
  initial: { deployment: null, lookupAccountOf: [] },
  evolve: (state, event) => {
    switch (event.type) {
      case 'EndpointReserved':
        return { ...state, deployment: event.data.deployment };
      case 'EndpointReleased':
        return { ...state, deployment: null };
      case 'LookupAccountKnown':
        return { ...state, lookupAccountOf: [...state.lookupAccountOf, event.data.migration] };
      case 'LookupAccountForgotten':
        return {
          ...state,
          lookupAccountOf: state.lookupAccountOf.filter((migration) => migration !== event.data.migration),
        };
      default:
        return neverEvent(event);
    }
  },
};

export const endpointStream = (uri: string): StreamRef<Endpoint, EndpointEvent> => streamOf(endpoints, uri);
