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
  const id = fc.constantFrom('c1', 'c2', 'run:2:1', 'c"3', 'c\\4', '', undefined);
  const name = fc.constantFrom('Ada', '","commandId":"x', '"correlationId":"c1"');
  const change: fc.Arbitrary<object> = fc.oneof(
    fc.record({ causationId: id }),
    fc.record({ commandId: fc.oneof({ weight: 9, arbitrary: id }, { weight: 1, arbitrary: fc.constant(7) }) }),
    fc.record({ correlationId: id }),
    fc.record({ reason: name }),
    fc.record({ commands: name }),
    fc.record({ actor: fc.record({ id, name, causationId: id, commandId: id }, { requiredKeys: ['name'] }) }),
    fc.record({ client: fc.record({ agent: name, commandId: id, correlationId: id }, { requiredKeys: [] }) }),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 20, maxLength: 60 }), (changes) => {
      let meta: object = { actor: { id: 't1', name: 'Ada' }, causationId: 'c1', commandId: 'c1', correlationId: 'c1' };
      for (const each of changes) {
        meta = JSON.parse(JSON.stringify({ ...meta, ...each })) as object;
        const record = {
          stream: 's',
          id: '0e4f5c3e-8a53-4d0c-9c5a-3f2f5b7f9a10',
          type: 'T',
          schemaVersion: 1,
          data: '{}',
          meta: canonicalJson(meta),
        };
        expect(parseProven(storedText(record, 0n, recordedAt), 1n).meta).toEqual(meta);
      }
    }),
    { numRuns: 500 },
  );
});

test('what is no JSON is no event, proven or not', () => {
  const record = { stream: 's', id: 'no', type: 'T', schemaVersion: 1, data: '{"a":1}', meta: '{}' };
  const text = storedText(record, 0n, recordedAt);
  for (const cut of [text.slice(1), text.slice(0, -1), `{"data":${text.slice(9)}`, ''])
    expect(() => parseProven(cut, 1n)).toThrow(SyntaxError);
});
