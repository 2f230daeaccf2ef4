import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#kernel';
import type { Appended, Check, EventLog, NewRecord, RecordedEvent } from '#event-log';
import { type KurrentLogOptions, openKurrentLog } from '../src/kurrent-log.js';
import type { Reconnection } from '../src/client-slot.js';
import { ScriptedServer } from './scripted-server.js';

export interface Given {
  readonly server: ScriptedServer;
  readonly log: EventLog;
  readonly reconnections: Reconnection[];
  /** Another log on the same server. */
  open(options?: Partial<KurrentLogOptions>): Promise<EventLog>;
  /** One that gives up after a second. */
  impatient(): Promise<EventLog>;
}

/** A scripted server and a log on it for each test. */
export function givenServer(): Given {
  let server: ScriptedServer;
  let log: EventLog;
  const opened: EventLog[] = [];
  const reconnections: Reconnection[] = [];
  const open = async (options?: Partial<KurrentLogOptions>): Promise<EventLog> => {
    const { connectionString } = server;
    const onReconnected = (reconnection: Reconnection): number => reconnections.push(reconnection);
    const another = await openKurrentLog({ connectionString, patienceMs: 8000, onReconnected, ...options });
    opened.push(another);
    return another;
  };
  beforeEach(async () => {
    server = await ScriptedServer.start();
    log = await open();
    reconnections.length = 0;
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
    server.stop();
  });
  return {
    get server() {
      return server;
    },
    get log() {
      return log;
    },
    reconnections,
    open,
    impatient: () => open({ patienceMs: 1000 }),
  };
}

const meta = canonicalJson({ actor: { id: 'tok-1', name: 'Алиса', roles: ['operator'], via: 'api' } });

export function recordFor(stream: string, data: object = {}): NewRecord {
  return { stream, id: randomUUID(), type: 'UserHomed', schemaVersion: 1, data: canonicalJson(data), meta };
}

export const expectNew = (stream: string): Check => ({ stream, expect: 'no-stream' });

/** A new stream with this many events. */
export async function given(log: EventLog, stream: string, events = 1): Promise<Appended> {
  const records = Array.from({ length: events }, (_, n) => recordFor(stream, { n }));
  const answer = await log.append(records, [expectNew(stream)]);
  expect(answer.conflicts).toBeUndefined();
  return answer as Appended;
}

export async function all(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of pages) events.push(...page);
  return events;
}

export async function until(isSo: () => boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !isSo(); await sleep(10))
    if (Date.now() > end) throw new Error('it did not come to that in time');
}
