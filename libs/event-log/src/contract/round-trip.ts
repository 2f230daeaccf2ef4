import { canonicalJson } from '#kernel';
import { recordBytesMax } from '../append-rules.js';
import type { NewRecord } from '../event-log.js';
import { storedText } from '../stored-event.js';
import { append, expectNew, freshLog, meta, newStream, type OpenLog, recordFor, streamOf } from './given.js';

const shapes: readonly (readonly [name: string, data: object])[] = [
  ['nothing', {}],
  ['empty strings and an empty name', { '': '', empty: [], none: null, nested: {} }],
  ['Cyrillic, combining and right-to-left text', { name: 'Алиса Ёжикова', e: 'e\u0301', rtl: '\u202eשלום' }],
  ['astral characters, and names in the order of UTF-16 units', { '\u{1f600}': '\u{1d49c}', '\uff5e': 1, z: '👩‍👩‍👧' }],
  ['line separators and control characters', { text: '\u2028\u2029\u0000\u0001\u001f\u007f"\\/\b\f\n\r\t' }],
  [
    'numbers at the edges',
    { big: 9007199254740991, huge: 1e21, most: 1.7976931348623157e308, least: 5e-324, zero: -0, third: 1 / 3 },
  ],
  ['prototype names', JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","toString":null}') as object],
  ['deep nesting', Array.from({ length: 200 }).reduce<object>((inner) => ({ inner }), {})],
];

export function describeRoundTrip(open: OpenLog): void {
  describe('what is read is what was written', () => {
    const opened = freshLog(open);

    const written = async (record: NewRecord): Promise<void> => {
      const { revisions, positions, recordedAt } = await append(opened.log, [record], [expectNew(record.stream)]);
      const [event] = await streamOf(opened.log, record.stream, 1);
      const { stream, id, type, schemaVersion, data, meta } = record;
      // Field by field: a wrong event of 1 MiB should not be printed whole.
      expect(event?.text === storedText(record, revisions[0] ?? -1n, recordedAt)).toBe(true);
      expect({ ...event, text: '', data: '', meta: '' }).toEqual({
        stream,
        id,
        type,
        schemaVersion,
        revision: revisions[0],
        position: positions[0],
        recordedAt,
        text: '',
        data: '',
        meta: '',
      });
      expect(canonicalJson(event?.data) === data).toBe(true);
      expect(canonicalJson(event?.meta) === meta).toBe(true);
    };

    test.each(shapes)('byte for byte: %s', (_, data) => written(recordFor(newStream(), data)));

    test('byte for byte: metadata with every kind of text, another type, a later shape', () =>
      written({
        ...recordFor(newStream()),
        type: 'PolicyEnabled',
        schemaVersion: 17,
        meta: canonicalJson({ ...meta, reason: 'Zoë\u2028"\\ \u{1f600}', client: { ip: '::1', agent: '' } }),
      }));

    test('byte for byte: a stream name of 1,024 characters', () =>
      written(recordFor(`user-${'ж'.repeat(983)}${newStream('').slice(1)}`)));

    test('byte for byte: data and metadata of 1 MiB together, in Latin and in Cyrillic', async () => {
      const room = recordBytesMax - Buffer.byteLength(canonicalJson(meta)) - Buffer.byteLength('{"blob":""}');
      await written(recordFor(newStream(), { blob: 'x'.repeat(room) }));
      await written(recordFor(newStream(), { blob: `${'ж'.repeat(room >> 1)}${room % 2 === 1 ? 'x' : ''}` }));
    });

    test('big events are read one after another from their stream and from the whole log', async () => {
      const { log } = opened;
      const stream = newStream();
      const records = Array.from({ length: 6 }, (_, n) => recordFor(stream, { n, blob: 'y'.repeat(900_000) }));
      await append(log, records, [expectNew(stream)]);
      const events = await streamOf(log, stream, 6);
      expect(events.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
      expect(events.every(({ data }) => (data['blob'] as string).length === 900_000)).toBe(true);
    });
  });
}
