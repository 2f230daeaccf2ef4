import { type Check, LogMisuse, type NewRecord } from './event-log.js';

const streamCharactersMax = 1024;
/** Of a record's data and metadata together. */
export const recordBytesMax = 1 << 20;
const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/**
 * What every engine asks of an append before it looks at the log.
 * @throws {LogMisuse}
 */
export function assertAppend(records: readonly NewRecord[], checks: readonly Check[]): void {
  if (records.length === 0) throw new LogMisuse('an append needs at least one record');
  for (const check of checks) assertCheck(check);
  const expected = checks.length > 8 ? new Map(checks.map((check) => [check.stream, check])) : undefined;
  if (expected ? expected.size < checks.length : hasDouble(checks))
    throw new LogMisuse(`two checks on ${doubled(checks)}; one is right`);
  for (const record of records) {
    assertRecord(record);
    const check = expected ? expected.get(record.stream) : checks.find(({ stream }) => stream === record.stream);
    if (!check || check.expect === 'exists')
      throw new LogMisuse(`${record.stream} is written without an exact check: name its revision or no-stream`);
  }
}

function assertCheck({ stream, expect }: Check): void {
  assertStream(stream);
  if (typeof expect === 'bigint' ? expect < 0n : expect !== 'no-stream' && expect !== 'exists')
    throw new LogMisuse(
      `the check on ${stream} expects ${String(expect)}; a revision from 0, no-stream or exists is right`,
    );
}

function assertStream(stream: string): void {
  const named = stream.length > 0 && stream.length <= streamCharactersMax;
  if (!named || stream !== stream.toLowerCase() || !stream.isWellFormed())
    throw new LogMisuse(
      `the stream name ${JSON.stringify(stream.slice(0, 100))} is not lower-case text of 1..${streamCharactersMax} characters`,
    );
}

function assertRecord({ stream, id, type, schemaVersion, data, meta }: NewRecord): void {
  if (!uuid.test(id)) throw new LogMisuse(`a record for ${stream} has the id ${JSON.stringify(id)}, which is no UUID`);
  if (type === '' || !type.isWellFormed()) throw new LogMisuse(`a record for ${stream} has no type`);
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1)
    throw new LogMisuse(`a record for ${stream} has the schema version ${schemaVersion}; they count from 1`);
  assertObject(stream, 'data', data);
  assertObject(stream, 'meta', meta);
  // A UTF-16 code unit becomes 3 bytes at most, so nearly all records need no counting.
  if (
    (data.length + meta.length) * 3 > recordBytesMax &&
    Buffer.byteLength(data) + Buffer.byteLength(meta) > recordBytesMax
  )
    throw new LogMisuse(`a record for ${stream} is larger than ${recordBytesMax} bytes (data and meta together)`);
}

function assertObject(stream: string, part: string, json: string): void {
  if (!json.startsWith('{') || !json.endsWith('}') || !json.isWellFormed())
    throw new LogMisuse(`the ${part} of a record for ${stream} is no canonical JSON object`);
}

function hasDouble(checks: readonly Check[]): boolean {
  for (let index = 1; index < checks.length; index++)
    for (let earlier = 0; earlier < index; earlier++)
      if (checks[earlier]?.stream === checks[index]?.stream) return true;
  return false;
}

function doubled(checks: readonly Check[]): string | undefined {
  return checks.find(({ stream }, index) => checks.findIndex((other) => other.stream === stream) < index)?.stream;
}
