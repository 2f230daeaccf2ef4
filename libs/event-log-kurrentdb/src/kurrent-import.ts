import { type Check, type EventLogReader, LogUnavailable, LogUnusable, type RecordedEvent } from '#event-log';
import { ClientSlot } from './client-slot.js';
import { parseConnection } from './connection.js';
import { failureOf } from './kurrent-errors.js';
import { openKurrentLogReader } from './kurrent-log.js';
import { answered, Outage } from './patience.js';
import { assertStorable, kurrentRecord, toKurrentChecks } from './record.js';

const answerMsMax = 10_000;
/** Of one call: far below what a call may hold, and answered within a second. */
const recordsMax = 500;
const charactersMax = 4 << 20;

/** A log that takes over what another log has recorded, as it was stored there. */
export interface KurrentImport {
  readonly reader: EventLogReader;
  /**
   * Adds events at the end, in this order: text, stream, revision and id stay. Each stream must stand exactly before its first event here, so
   * that nothing is written twice, nor beside what somebody else writes.
   * @throws {LogUnavailable} as many of these as fit into some calls may have been written.
   */
  take(events: readonly RecordedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** @throws {LogUnusable} */
export async function openKurrentImport(connectionString: string): Promise<KurrentImport> {
  const connection = parseConnection(connectionString);
  const reader = await openKurrentLogReader({ connectionString });
  return new SharedImport(new ClientSlot(connection, 'append', () => undefined), connection.hosts, reader);
}

class SharedImport implements KurrentImport {
  private readonly outage = new Outage();

  constructor(
    private readonly slot: ClientSlot,
    private readonly hosts: string,
    readonly reader: EventLogReader,
  ) {}

  async take(events: readonly RecordedEvent[]): Promise<void> {
    for (const call of callsOf(events)) await this.send(call);
  }

  async close(): Promise<void> {
    this.slot.close();
    await this.reader.close();
  }

  private async send(events: readonly RecordedEvent[]): Promise<void> {
    const checks = checksOf(events);
    assertStorable(events, checks);
    const rows = events.map((event) => kurrentRecord(event, event.text));
    const conditions = toKurrentChecks(checks);
    const patience = this.outage.begin();
    for (;;) {
      const lease = await this.slot.take();
      try {
        await answered(lease.client.appendRecords(rows, conditions), answerMsMax);
        this.outage.over();
        this.slot.works(lease);
        return;
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'final') throw failure.error;
        if (failure.kind === 'violation')
          throw new LogUnusable(
            `others write to KurrentDB at ${this.hosts}, for ${failure.violations[0]?.streamName} is not where it was left; stop them, then migrate again into an empty log`,
          );
        this.outage.failed();
        this.slot.reconnect(lease, failure);
        if (patience.isOver)
          throw new LogUnavailable(
            `no leader of KurrentDB at ${this.hosts} takes events (${failure.reason}); run it again, it goes on where it stopped`,
            null,
          );
      }
      await patience.pause();
    }
  }
}

/** KurrentDB can't tell streams apart in one call whose names differ by case alone, which some lower-case letters do. */
function* callsOf(events: readonly RecordedEvent[]): Generator<readonly RecordedEvent[]> {
  let call: RecordedEvent[] = [];
  let characters = 0;
  const names = new Map<string, string>();
  for (const event of events) {
    const name = event.stream.toUpperCase();
    const clashes = (names.get(name) ?? event.stream) !== event.stream;
    if (clashes || call.length === recordsMax || (call.length > 0 && characters + event.text.length > charactersMax)) {
      yield call;
      call = [];
      characters = 0;
      names.clear();
    }
    names.set(name, event.stream);
    call.push(event);
    characters += event.text.length;
  }
  if (call.length > 0) yield call;
}

function checksOf(events: readonly RecordedEvent[]): Check[] {
  const checks = new Map<string, Check>();
  for (const { stream, revision } of events)
    if (!checks.has(stream)) checks.set(stream, { stream, expect: revision === 0n ? 'no-stream' : revision - 1n });
  return [...checks.values()];
}
