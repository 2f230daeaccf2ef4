import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { LogUnusable } from '#event-log';

/** A connection string that was understood. */
export interface Connection {
  /** For reads, which go through another part of the client than all other calls. */
  readonly reading: string;
  readonly calling: string;
  /** `host:port` of every node named, without credentials: for messages. */
  readonly hosts: string;
}

const shape = 'kurrentdb://[user:password@]host:port[,host:port …][?tls=false]';

/** Those of the client, flat, in lower case. */
const options = [
  'tls',
  'tlsverifycert',
  'tlscafile',
  'usercertfile',
  'userkeyfile',
  'maxdiscoverattempts',
  'discoveryinterval',
  'gossiptimeout',
  'connectionname',
  'defaultdeadline',
  'keepaliveinterval',
  'keepalivetimeout',
  'nodepreference',
  'throwonappendfailure',
];

/** Of a call. Longer than any of ours, which come first. */
const clientDeadlineMs = 60_000;
/** Of one node that is asked for the leader: one part of the client counts in seconds, the other, for reads, in milliseconds. */
const gossipTimeout = { calling: 'gossipTimeout=1', reading: 'gossipTimeout=1000' };
/** Milliseconds. The part for reads rests before it looks for the leader the first time as well, for half a second if it is not told otherwise. */
const discovery = ['discoveryInterval=50', 'maxDiscoverAttempts=100'];

export function isKurrentConnection(text: string): boolean {
  return /^(kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\//.test(text);
}

/** @throws {LogUnusable} Never says what was given: it may hold a password. */
export function parseConnection(text: string): Connection {
  const match = /^[a-z]+(?:\+discover)?:\/\/(?:[^@]*@)?([^?/]+)\/?(?:\?(.*))?$/.exec(text.trim());
  if (!isKurrentConnection(text) || !match) throw new LogUnusable(`the connection string must look like ${shape}`);
  const [, hosts = '', query = ''] = match;
  const given = new Map(query.split('&').map((pair) => [flat(nameOf(pair)), pair]));
  for (const name of given.keys())
    // The client ignores an unknown option, and shows the whole string to whoever reads the console.
    if (name !== '' && !options.includes(name))
      throw new LogUnusable(
        `the connection string has an option that KurrentDB's client does not know; ${shape} is right`,
      );
  if (given.has('nodepreference') && flat(given.get('nodepreference')?.split('=')[1] ?? '') !== 'leader')
    throw new LogUnusable('the connection string must not prefer other nodes than the leader: only it takes events');
  const [base = '', ...rest] = text.trim().split('?');
  const withDefaults = (...defaults: readonly string[]): string => {
    const missing = defaults.filter((pair) => !given.has(flat(nameOf(pair))));
    return `${base.replace(/\/$/, '')}?${[...rest.filter((option) => option !== ''), ...missing].join('&')}`;
  };
  const deadline = `defaultDeadline=${clientDeadlineMs}`;
  return {
    reading: withDefaults(deadline, gossipTimeout.reading, ...discovery),
    calling: withDefaults(deadline, gossipTimeout.calling),
    hosts,
  };
}

/**
 * The client's native part begins its threads with the first client, and takes their number from here. Its connections lack TCP_NODELAY (mended in
 * kurrent-io/KurrentDB-Client-Rust#233, not yet in what the client brings): with more than one thread it mostly sends a request in two segments, and the
 * second one waits some 40 ms for the server's delayed ACK of the first. One thread sends both at once.
 */
process.env['TOKIO_WORKER_THREADS'] ??= '1';

/** @throws {LogUnusable} */
export function newClient({ reading, calling }: Connection, reads: boolean): KurrentDBClient {
  try {
    return KurrentDBClient.connectionString(reads ? reading : calling);
  } catch (error) {
    // Its message may quote the string, and with it a password.
    const about =
      error instanceof Error && /certificate/.test(error.message) ? error.message : `it must look like ${shape}`;
    throw new LogUnusable(`the connection string can't be used: ${about}`);
  }
}

const nameOf = (pair: string): string => pair.split('=', 1)[0] ?? '';

const flat = (name: string): string => name.trim().toLowerCase().replaceAll(/[_-]/g, '');
