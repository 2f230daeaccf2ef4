import type { StoredRecord } from './record.js';

/** Records on their way to another thread: their bytes move there, nothing of them is copied or decoded. */
export interface Parcel {
  /** Of all records, one after another. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Where each one's bytes end. */
  readonly ends: Uint32Array;
  readonly positions: BigUint64Array;
  readonly revisions: BigUint64Array;
  readonly streams: readonly string[];
  readonly ids: readonly string[];
  readonly proven: readonly boolean[];
}

export function packed(records: readonly StoredRecord[]): Parcel {
  const data = new Uint8Array(records.reduce((sum, record) => sum + record.data.byteLength, 0));
  const ends = new Uint32Array(records.length);
  let end = 0;
  for (const [n, record] of records.entries()) {
    data.set(record.data, end);
    ends[n] = end += record.data.byteLength;
  }
  return {
    data,
    ends,
    positions: BigUint64Array.from(records, ({ position }) => position),
    revisions: BigUint64Array.from(records, ({ revision }) => revision),
    streams: records.map(({ stream }) => stream),
    ids: records.map(({ id }) => id),
    proven: records.map(({ isProven }) => isProven),
  };
}

export function unpacked({ data, ends, positions, revisions, streams, ids, proven }: Parcel): readonly StoredRecord[] {
  return streams.map((stream, n) => ({
    stream,
    id: ids[n] ?? '',
    revision: revisions[n] ?? 0n,
    position: positions[n] ?? 0n,
    data: data.subarray(ends[n - 1] ?? 0, ends[n]),
    isProven: proven[n] ?? false,
  }));
}
