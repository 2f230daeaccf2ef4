import { randomUUID } from 'node:crypto';
import { jsonEvent, KurrentDBClient, NO_STREAM, START, STREAM_STATE } from '@kurrent/kurrentdb-client';

/** A KurrentDB for benches, empty at the first one: they sign in with the first token. */
export const address = process.env['HOMEWARD_TEST_KURRENTDB'] ?? '';

/** As much as the server stores for `HomeUser`, and not from where it stores it. */
const data = { text: 'x'.repeat(500) };

/** Appends a second, by the client alone: one record to a stream of its own, checked, and a check on another stream. */
export async function clientAppends(inFlight: number, count: number): Promise<number> {
  const client = KurrentDBClient.connectionString(address);
  const [guard, lap] = [`bench-guard-${randomUUID()}`, randomUUID()];
  const check = (streamName: string, expectedState: bigint | typeof NO_STREAM) =>
    ({ type: STREAM_STATE, streamName, expectedState }) as const;
  const append = (streamName: string, more: ReturnType<typeof check>[] = []): Promise<unknown> =>
    client.appendRecords(
      [{ streamName, record: jsonEvent({ type: 'Benched', data }) }],
      [check(streamName, NO_STREAM), ...more],
    );
  await append(guard);
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let n = next++; n < count; n = next++) await append(`bench-${lap}-${n}`, [check(guard, 0n)]);
    }),
  );
  const rate = count / ((performance.now() - started) / 1000);
  await client.dispose();
  return rate;
}

/** The client alone, connected to one node, whatever that one is. */
export class DirectClient {
  private constructor(private readonly client: KurrentDBClient) {}

  static async connect(host: string): Promise<DirectClient> {
    const direct = new DirectClient(KurrentDBClient.connectionString(`kurrentdb://${host}?tls=false`));
    // Refused where it does not lead; it is connected all the same.
    await direct.append().catch(() => undefined);
    return direct;
  }

  async append(): Promise<void> {
    const streamName = `bench-${randomUUID()}`;
    await this.client.appendRecords(
      [{ streamName, record: jsonEvent({ type: 'Benched', data }) }],
      [{ type: STREAM_STATE, streamName, expectedState: NO_STREAM }],
    );
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }
}

/** Records a second that the client alone reads of the whole log, and how many there are; those of the system aside. */
export async function clientReadsAll(): Promise<{ readonly rate: number; readonly records: number }> {
  const client = KurrentDBClient.connectionString(address);
  const started = performance.now();
  let records = 0;
  for await (const { event } of client.readAll({ fromPosition: START }))
    if (event && !event.type.startsWith('$')) records++;
  const rate = records / ((performance.now() - started) / 1000);
  await client.dispose();
  return { rate, records };
}
