import { crc32 } from 'node:zlib';
import {
  type AllStreamResolvedEvent,
  type AppendRecordInput,
  type ConsistencyCheck,
  NO_STREAM,
  type ResolvedEvent,
  STREAM_EXISTS,
  STREAM_STATE,
} from '@kurrent/kurrentdb-client';
import {
  type Check,
  LogMisuse,
  LogUnavailable,
  type NewRecord,
  parseProven,
  parseStored,
  type Position,
  type RecordedEvent,
  type Revision,
  storedText,
} from '#event-log';
import { corrupt } from './kurrent-errors.js';

/**
 * Marks a record as an event of ours: its data is the stored text in UTF-8. They are declared to be bytes, not JSON, because the
 * client writes JSON anew, with the names in another order.
 */
const marker = 'homeward';
const format = '1';
/** The CRC-32 of the data in hex. Records of before there was one have none. */
const checksum = 'crc32';

/** The server's rule for what it calls the schema's name. */
const typeShape = /^[\p{L}\p{N}_.$:-]+$/u;

/** A record that is to be written, and where it will stand. */
export interface PlacedRecord {
  readonly record: NewRecord;
  readonly revision: Revision;
}

/** The revision that each record takes if every check holds. */
export function placed(records: readonly NewRecord[], checks: readonly Check[]): PlacedRecord[] {
  const next = new Map<string, Revision>();
  for (const { stream, expect } of checks)
    if (expect !== 'exists') next.set(stream, expect === 'no-stream' ? 0n : expect + 1n);
  return records.map((record) => {
    const revision = next.get(record.stream) ?? 0n;
    next.set(record.stream, revision + 1n);
    return { record, revision };
  });
}

/**
 * What KurrentDB asks of an append beyond the port.
 * @throws {LogMisuse}
 */
export function assertStorable(records: readonly Pick<NewRecord, 'type'>[], checks: readonly Check[]): void {
  for (const { type } of records)
    if (!typeShape.test(type) || type !== type.normalize('NFC'))
      throw new LogMisuse(`KurrentDB takes no event type ${JSON.stringify(type)}: letters, digits and _.$:- are right`);
  // KurrentDB takes streams of one call whose names differ by case alone for one. Some lower-case letters share their upper case.
  const names = new Map<string, string>();
  for (const { stream } of checks) {
    if (stream.startsWith('$')) throw new LogMisuse(`the stream ${stream} has the name of a system stream`);
    const other = names.get(stream.toUpperCase());
    if (other !== undefined) throw new LogMisuse(`KurrentDB can't tell ${stream} from ${other} in one append`);
    names.set(stream.toUpperCase(), stream);
  }
}

const encoder = new TextEncoder();

export function toKurrent(records: readonly PlacedRecord[], recordedAt: string): AppendRecordInput[] {
  return records.map(({ record, revision }) => kurrentRecord(record, storedText(record, revision, recordedAt)));
}

export function kurrentRecord(
  { stream, id, type }: Pick<NewRecord, 'stream' | 'id' | 'type'>,
  text: string,
): AppendRecordInput {
  const data = encoder.encode(text);
  return {
    streamName: stream,
    record: {
      id,
      contentType: 'application/octet-stream',
      type,
      data,
      metadata: { [marker]: format, [checksum]: crc32(data).toString(16) },
    },
  };
}

export function toKurrentChecks(checks: readonly Check[]): ConsistencyCheck[] {
  return checks.map(({ stream, expect }) => ({
    type: STREAM_STATE,
    streamName: stream,
    expectedState: expect === 'no-stream' ? NO_STREAM : expect === 'exists' ? STREAM_EXISTS : expect,
  }));
}

/** A record that is an event of ours, its text still in bytes. */
export interface StoredRecord {
  readonly stream: string;
  readonly id: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly data: Uint8Array;
  /** It has a checksum, and that matches. */
  readonly isProven: boolean;
}

/**
 * What a record of ours holds; undefined where it is somebody else's, the server's own included.
 * @throws {LogUnavailable} where it is ours and damaged, or newer than this program.
 */
export function storedRecord({ event }: AllStreamResolvedEvent | ResolvedEvent): StoredRecord | undefined {
  const properties = event?.metadata as Record<string, unknown> | undefined;
  const mark = properties?.[marker];
  if (!event?.position || event.isJson || mark === undefined) return undefined;
  const position = event.position.commit;
  if (mark !== format)
    throw new LogUnavailable(
      `the event at position ${position} has the format ${JSON.stringify(mark)}; use the program that wrote it`,
      null,
    );
  const { streamId: stream, id, revision, data } = event;
  const sum = properties?.[checksum];
  if (sum !== undefined && crc32(data).toString(16) !== sum)
    throw corrupt(`at position ${position}`, 'its checksum does not match');
  return { stream, id, revision, position, data, isProven: sum !== undefined };
}

/** @throws {LogUnavailable} where it is damaged. */
export function eventOf({ stream, id, revision, position, data, isProven }: StoredRecord): RecordedEvent {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  let event: RecordedEvent;
  try {
    event = isProven ? parseProven(text, position) : parseStored(text, position);
  } catch (error) {
    throw corrupt(`at position ${position}`, 'it is no event', error);
  }
  if (event.stream !== stream || event.revision !== revision || event.id.toLowerCase() !== id)
    throw corrupt(
      `at position ${position}`,
      `it is stored as ${stream}@${revision} and says ${event.stream}@${event.revision}`,
    );
  return event;
}

/** The event of ours that a record holds. Undefined, and throws, as `storedRecord` and `eventOf`. */
export function fromKurrent(resolved: AllStreamResolvedEvent | ResolvedEvent): RecordedEvent | undefined {
  const record = storedRecord(resolved);
  return record && eventOf(record);
}
