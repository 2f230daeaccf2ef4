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
export type EndpointEvent = EndpointReserved | EndpointReleased;

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
});

/** Whose legacy endpoint a URI is: written with the deployment's own event, so that a URI is on one deployment at a time. */
export type Endpoint = { readonly deployment: DeploymentId } | null;

const endpoints: StreamType<Endpoint, EndpointEvent> = {
  category: 'endpoint',
  initial: null,
  evolve: (_, event) => {
    switch (event.type) {
      case 'EndpointReserved':
        return { deployment: event.data.deployment };
      case 'EndpointReleased':
        return null;
      default:
        return neverEvent(event);
    }
  },
};

export const endpointStream = (uri: string): StreamRef<Endpoint, EndpointEvent> => streamOf(endpoints, uri);
