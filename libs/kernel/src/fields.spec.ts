import { BaseCommand, defineCommand, Is, parseInstant, validateCommand } from './index.js';

describe('an instant', () => {
  test.each([
    ['2013-05-03T12:00:00Z', '2013-05-03T12:00:00.000Z'],
    ['2013-05-03T12:00Z', '2013-05-03T12:00:00.000Z'],
    ['2013-05-03T01:30:00.1234+03:30', '2013-05-02T22:00:00.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0050-02-28T00:00:00Z', '0050-02-28T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (input, value) => {
    expect(parseInstant(input)).toEqual({ value });
  });

  test.each([
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
  ])('is on a day of the calendar: there is no %s', (day) => {
    expect(parseInstant(`${day}T00:00:00Z`)).toEqual({ problem: `must be a day of the calendar: there is no ${day}` });
  });

  test.each([
    ['midnight at the end of a day', '2013-05-03T24:00:00Z'],
    ['a leap second', '2012-06-30T23:59:60Z'],
    ['minute 60', '2013-05-03T12:60:00Z'],
    ['an offset of a day', '2013-05-03T12:00:00+24:00'],
    ['an offset of 60 minutes', '2013-05-03T12:00:00+01:60'],
    ['no time zone', '2013-05-03T12:00:00'],
    ['no time', '2013-05-03'],
    ['a number', 1_367_582_400_000],
  ])('is not %s', (_, input) => {
    expect(parseInstant(input).problem).toMatch(/such as 2013-05-03T12:00:00Z/);
  });

  test.each(['0000-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'])(
    '%s is beyond years of four digits',
    (input) => {
      expect(parseInstant(input).problem).toMatch(/0000 to 9999/);
    },
  );
});

class Named extends BaseCommand {
  @Is.Name('a name')
  readonly name!: string;

  @Is.Policy('a policy', { optional: true })
  readonly policy?: string;
}
const named = defineCommand(Named, {
  summary: 'Name',
  role: 'operator',
  example: {},
  subjects: () => [],
  handle: () => {
    throw new Error('not asked');
  },
});
const errorsOf = (input: object) => validateCommand(named, input).errors;

describe('a text for which the contract has no limit of its own', () => {
  test('has 1 to 4000 characters, code points', () => {
    expect(errorsOf({ name: 'ж'.repeat(4000) })).toBeUndefined();
    expect(errorsOf({ name: '𝄞'.repeat(4000) })).toBeUndefined();
    expect(errorsOf({ name: 'x'.repeat(4001) })).toEqual([
      { field: 'name', message: 'must have 1 to 4000 characters' },
    ]);
    expect(errorsOf({ name: '' })).toHaveLength(1);
  });

  test('is one line where it is a name', () => {
    expect(errorsOf({ name: 'one\ntwo' })).toHaveLength(1);
    expect(errorsOf({ name: ' one' })).toHaveLength(1);
  });

  test('names a policy too; a site has 256', () => {
    const name = 'x';
    expect(errorsOf({ name, policy: `tag:${'x'.repeat(3996)}` })).toBeUndefined();
    expect(errorsOf({ name, policy: `tag:${'x'.repeat(3997)}` })).toHaveLength(1);
    expect(errorsOf({ name, policy: `site:${'x'.repeat(256)}` })).toBeUndefined();
    expect(errorsOf({ name, policy: `site:${'x'.repeat(257)}` })).toHaveLength(1);
  });
});
