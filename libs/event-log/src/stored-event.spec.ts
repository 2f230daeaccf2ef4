import * as fc from 'fast-check';
import { canonicalJson } from '#kernel';
import type { RecordedEvent } from './event-log.js';
import { parseProven, parseStored, storedText } from './stored-event.js';

const recordedAt = '2013-05-03T10:00:00.000Z';
// Names and texts that look like an event's own members. Names have no escapes: V8 mistakes one such name for another.
const names = fc.constantFrom('id', 'meta', 'data', 'recordedAt', 'type', 'user');
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('","meta":{', ',"recordedAt":"', '\\","meta":{"', ',"id":"', 'Ольга "Оля" Смирнова'),
);
const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, texts, fc.integer(), fc.constant(null), fc.array(texts), tie('object')),
  object: fc.dictionary(names, tie('value')),
}));
const ids = fc.oneof(fc.uuid(), fc.constantFrom('short', '"}'));

const records = fc.record({
  stream: texts,
  id: ids,
  type: fc.oneof(fc.constantFrom('UserHomed', 'PoolSealed'), texts),
  schemaVersion: fc.integer({ min: 1, max: 12 }),
  data: object,
  meta: object,
});

/** Accessors included. */
const membersOf = (event: RecordedEvent): object => ({ ...event, meta: event.meta });

test('an event that is proven reads the same as one that is parsed whole', () => {
  fc.assert(
    fc.property(records, fc.bigInt({ min: 0n, max: 2n ** 53n }), ({ data, meta, ...rest }, revision) => {
      const text = storedText({ ...rest, data: canonicalJson(data), meta: canonicalJson(meta) }, revision, recordedAt);
      expect(membersOf(parseProven(text, 7n))).toEqual(membersOf(parseStored(text, 7n)));
    }),
    { numRuns: 2000 },
  );
});

test('metadata that differ little are not taken for one another', () => {
  const meta = fc.record(
    {
      actor: fc.record(
        {
          id: fc.constantFrom('t1', 't2'),
          name: fc.constantFrom('Ada', '","commandId":"x'),
          commandId: fc.constantFrom('c1', 'c2'),
        },
        { requiredKeys: ['id'] },
      ),
      client: fc.record({ agent: texts, commandId: fc.constantFrom('c1', 'c2') }, { requiredKeys: [] }),
      commandId: fc.constantFrom('c1', 'c2', 'c"3', 'c\\4', ''),
      reason: fc.constantFrom(null, 'moved', ',"commandId":"c1"'),
    },
    { requiredKeys: ['actor'] },
  );
  fc.assert(
    fc.property(fc.array(meta, { minLength: 2, maxLength: 30 }), (metas) => {
      for (const each of metas) {
        const record = {
          stream: 's',
          id: '0e4f5c3e-8a53-4d0c-9c5a-3f2f5b7f9a10',
          type: 'T',
          schemaVersion: 1,
          data: '{}',
          meta: canonicalJson(each),
        };
        expect(parseProven(storedText(record, 0n, recordedAt), 1n).meta).toEqual(each);
      }
    }),
    { numRuns: 300 },
  );
});

test('what is no JSON is no event, proven or not', () => {
  const record = { stream: 's', id: 'no', type: 'T', schemaVersion: 1, data: '{"a":1}', meta: '{}' };
  const text = storedText(record, 0n, recordedAt);
  for (const cut of [text.slice(1), text.slice(0, -1), `{"data":${text.slice(9)}`, ''])
    expect(() => parseProven(cut, 1n)).toThrow(SyntaxError);
});
