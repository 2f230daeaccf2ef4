import * as fc from 'fast-check';
import type { RecordedEvent } from '#event-log';
import type { Role } from '#kernel';
import { catalogue, RecordedTimeline, type ShownItem, type Written } from './recorded-timeline.fixture.js';

const people = ['anna', 'bela', 'cyril'] as const;
const names = ['Анна Семёнова', 'José Müller', 'anna'] as const;
const policies = ['tag:x', 'tag:Y'] as const;
const pools = ['p1.contoso.com', 'p2.contoso.com'] as const;
const tickets = [null, 'CHG-1', 'chg-2'] as const;
const reasons = [null, 'moved at night', 'Ночной переезд'] as const;
const runs = ['run-a', 'run-b'] as const;

/** What is recorded, as a person would keep it: the last value of each field. */
class NaiveEstate {
  private readonly values = new Map<string, unknown>();

  get(subject: string, field: string): unknown {
    return this.values.get(`${subject} ${field}`) ?? null;
  }

  set(
    subject: string,
    field: string,
    after: unknown,
  ): { subject: string; field: string; before: unknown; after: unknown } {
    const before = this.get(subject, field);
    this.values.set(`${subject} ${field}`, after);
    return { subject, field, before, after };
  }
}

interface NaiveItem extends Omit<ShownItem, 'changes' | 'events' | 'position'> {
  changes: { subject: string; field: string; before: unknown; after: unknown }[];
  events: number[];
  readonly types: string[];
  readonly commandId: string;
  readonly isRun: boolean;
  position: number;
}

/** All items of the events up to a position, oldest first, made in the most simple-minded way. */
function replay(events: readonly RecordedEvent[]): NaiveItem[] {
  const estate = new NaiveEstate();
  let items: NaiveItem[] = [];
  for (const event of events) {
    const { type, stream, meta, recordedAt } = event;
    const data = event.data as Record<string, string>;
    const { internal, say, subjects } = catalogue[type]!;
    if (internal) continue;
    const user = `user:${data['user']}`;
    const changesByType: Partial<Record<string, () => NaiveItem['changes']>> = {
      UserDescribed: () => [estate.set(user, 'displayName', data['displayName'])],
      PolicyGranted: () => [estate.set(user, 'granted', data['policy'])],
      PolicyRevoked: () => [estate.set(user, 'granted', null)],
      UserHomed: () => [estate.set(user, 'pool', data['to'])],
      UserRetired: () => [estate.set(user, 'retired', true), estate.set(user, 'pool', null)],
    };
    const isRun = stream.startsWith('run-');
    const position = Number(event.position);
    const item: NaiveItem = {
      position,
      at: recordedAt,
      actor: { id: meta.actor.id, name: meta.actor.name, via: meta.actor.via },
      command: meta.command,
      outcome: { CommandRefused: 'refused', CommandDenied: 'denied' }[type] ?? 'done',
      subjects: [...new Set(subjects(event.data))],
      summary: say(event.data),
      changes: changesByType[type]?.() ?? [],
      reason: meta.reason,
      ticket: meta.ticket,
      refusals: (event.data['refusals'] as object[] | undefined) ?? [],
      correlationId: meta.correlationId,
      causationId: meta.causationId,
      run: isRun ? stream.slice('run-'.length) : runs.some((run) => run === meta.causationId) ? meta.causationId : null,
      events: [position],
      types: [type],
      commandId: meta.commandId,
      isRun,
    };
    const earlier = isRun ? items.find((each) => each.isRun && each.run === item.run) : items.at(-1);
    if (earlier && earlier.commandId === item.commandId && earlier.isRun === isRun) {
      items = items.filter((each) => each !== earlier);
      for (const change of item.changes) {
        const same = earlier.changes.find(({ subject, field }) => subject === change.subject && field === change.field);
        if (same) same.after = change.after;
        else earlier.changes.push(change);
      }
      items.push({
        ...earlier,
        position,
        at: recordedAt,
        summary: isRun ? item.summary : `${earlier.summary}; ${item.summary}`,
        subjects: [...new Set([...earlier.subjects, ...item.subjects])],
        events: [...earlier.events, position],
        types: [...earlier.types, type],
      });
    } else items.push(item);
  }
  return items;
}

const folded = (text: string): string =>
  text.toLowerCase().replaceAll('ё', 'е').replaceAll('é', 'e').replaceAll('ü', 'u');
const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^a-zа-я0-9]+/)
    .filter(Boolean);
const same = (a: string | null, b: string): boolean => a !== null && a.toLowerCase() === b.toLowerCase();

const holds: Readonly<Record<string, (item: NaiveItem, value: string) => boolean>> = {
  actor: ({ actor }, value) => same(actor.id, value) || same(actor.name, value),
  command: ({ command }, value) => same(command, value.replaceAll('-', '')),
  type: ({ types }, value) => types.includes(value),
  subject: ({ subjects }, value) => subjects.some((subject) => same(subject, value)),
  outcome: ({ outcome }, value) => outcome === value,
  ticket: ({ ticket }, value) => same(ticket, value),
  correlation: ({ correlationId }, value) => correlationId === value,
};

function matches(item: NaiveItem, parameters: Readonly<Record<string, string | readonly string[]>>): boolean {
  for (const [name, given] of Object.entries(parameters)) {
    const hold = holds[name];
    if (!hold) continue;
    const values = [given].flat();
    const any = values.filter((value) => !value.startsWith('-'));
    if (any.length > 0 && !any.some((value) => hold(item, value))) return false;
    if (values.some((value) => value.startsWith('-') && hold(item, value.slice(1)))) return false;
  }
  const { from, to, q } = parameters as { from?: string; to?: string; q?: string };
  if (from !== undefined && item.at < from) return false;
  if (to !== undefined && item.at > to) return false;
  const text = wordsOf([item.summary, ...item.subjects, item.actor.name, item.reason, item.ticket].join(' '));
  const asked = q?.split(' ') ?? [];
  return asked.every((word) => {
    const tokens = wordsOf(word);
    const found = tokens.every((token, n) =>
      n === tokens.length - 1 && token.length > 1 ? text.some((each) => each.startsWith(token)) : text.includes(token),
    );
    return found !== word.startsWith('-');
  });
}

function naive(
  events: readonly RecordedEvent[],
  at: number,
  parameters: Readonly<Record<string, string | readonly string[]>>,
  roles: readonly Role[],
): object[] {
  const filtered = Object.keys(parameters).some((name) => name !== 'from' && name !== 'to' && name !== 'rows');
  return replay(events)
    .filter(({ position }) => position <= at)
    .filter(({ outcome }) => outcome !== 'denied' || roles.includes('auditor'))
    .filter(({ run, isRun }) => filtered || parameters['rows'] === 'true' || run === null || isRun)
    .filter((item) => matches(item, parameters))
    .map(({ types: _types, commandId: _commandId, isRun: _isRun, changes, events: own, position, ...shown }) => ({
      ...shown,
      position: `${position}`,
      changes: changes.filter(({ before, after }) => before !== after),
      more: null,
      events: own.map(String),
    }))
    .toReversed();
}

type Fact = (estate: { readonly homes: Map<string, string> }) => Written;

const person = fc.constantFrom(...people).map((name) => `sip:${name}@contoso.com`);
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(person, fc.constantFrom(...pools)).map(([user, to]): Fact => ({ homes }) => {
    const from = homes.get(user) ?? null;
    homes.set(user, to);
    return { type: 'UserHomed', data: { user, from, to } };
  }),
  fc
    .tuple(person, fc.constantFrom(...policies))
    .map(([user, policy]): Fact => () => ({ type: 'PolicyGranted', data: { user, policy } })),
  fc
    .tuple(person, fc.constantFrom(...names))
    .map(([user, displayName]): Fact => () => ({ type: 'UserDescribed', data: { user, displayName } })),
  fc.constant<Fact>(() => ({ type: 'KeyAnswered' })),
);
const refused = (type: 'CommandRefused' | 'CommandDenied'): fc.Arbitrary<Fact> =>
  person.map((user): Fact => () => ({
    type,
    data: {
      command: 'HomeUser',
      subjects: [`user:${user}`],
      needed: ['admin'],
      refusals: [{ rule: 'a.b', detail: 'No way' }],
    },
  }));

const oneActor = { id: 't1', name: 'Ada' };
const command = fc.record({
  name: fc.constantFrom('HomeUser', 'GrantPolicy'),
  facts: fc.oneof(
    { weight: 6, arbitrary: fc.array(fact, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: refused('CommandRefused').map((each) => [each]) },
    { weight: 1, arbitrary: refused('CommandDenied').map((each) => [each]) },
  ),
  actor: fc.constantFrom(oneActor, { id: 't2', name: 'Зоя' }),
  reason: fc.constantFrom(...reasons),
  ticket: fc.constantFrom(...tickets),
  correlationId: fc.constantFrom('c1', 'C2'),
  run: fc.option(fc.constantFrom(...runs), { freq: 3 }),
});

const signed = (...values: string[]): fc.Arbitrary<string[]> =>
  fc.array(
    fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...values)).map(([sign, value]) => sign + value),
    { minLength: 1, maxLength: 2 },
  );
const moment = fc
  .integer({ min: 0, max: 200 })
  .map((minute) => new Date(Date.parse('2013-05-01T00:00:00Z') + minute * 60_000).toISOString());
const asked = {
  actor: signed('T1', 'зоя', 't2', 'nobody'),
  command: signed('home-user', 'GrantPolicy'),
  type: signed('UserHomed', 'PolicyGranted', 'RunStarted', 'CommandDenied'),
  subject: signed('user:sip:anna@contoso.com', 'pool:P1.contoso.com', 'policy:tag:y', 'run:run-a'),
  outcome: signed('done', 'refused', 'denied'),
  ticket: signed('chg-1', 'CHG-2'),
  correlation: signed('c1', 'c2', 'C2'),
  from: moment,
  to: moment,
  rows: fc.constantFrom('true', 'false'),
  q: fc
    .array(
      fc.constantFrom(
        'anna',
        'ann',
        '-anna',
        '-an',
        'p1.con',
        'homed',
        '-homed',
        'семен',
        'Семён',
        'ночной',
        'p1.contoso',
        'x',
        '-Зоя',
        'chg-1',
        'müll',
        'rows',
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((words) => words.join(' ')),
};
const question: fc.Arbitrary<Readonly<Record<string, string | string[]>>> = fc.oneof(
  fc.record(asked, { requiredKeys: [] }),
  // With little asked there is more to find.
  ...Object.entries(asked).map(([name, values]) =>
    (values as fc.Arbitrary<string | string[]>).map((value) => ({ [name]: value })),
  ),
);

/** One page after another to the end; no walk is longer than the list. */
function walk(
  timeline: RecordedTimeline,
  parameters: object,
  query: Parameters<RecordedTimeline['ask']>[1],
): ShownItem[] {
  const items: ShownItem[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 1000; pages++) {
    const page = timeline.ask(parameters as Record<string, string>, { ...query, cursor });
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
  throw new Error('the walk does not end');
}

test('every question at every moment is answered as a naive replay answers it, page by page too', () => {
  fc.assert(
    fc.property(
      // Some hundred items make blocks that are whole, cut by a moment, and growing.
      fc.oneof(
        fc.array(command, { minLength: 1, maxLength: 25 }),
        fc.array(command, { minLength: 120, maxLength: 150 }),
      ),
      fc.array(question, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      fc.oneof(
        fc.constant(1),
        fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
      ),
      fc.constantFrom<readonly Role[]>(['operator'], ['auditor', 'admin']),
      fc.record({ hasRuns: fc.boolean(), hasOneActor: fc.boolean() }),
      (commands, questions, size, when, roles, { hasRuns, hasOneActor }) => {
        const timeline = new RecordedTimeline();
        try {
          const homes = new Map<string, string>();
          const begun = new Set<string>();
          for (const { name, facts, run: asked, ...meta } of commands) {
            // A version of a run in nearly every block would leave none that is counted as a whole.
            const run = hasRuns ? asked : null;
            const ofRun = (type: string): void => {
              const data = {
                run,
                kind: 'users',
                total: 3,
                file: { name: null },
                through: 1,
                counts: { done: begun.size },
              };
              const ids = {
                commandId: run ?? '',
                causationId: run ?? '',
                correlationId: 'c1',
                ...(hasOneActor && { actor: oneActor }),
              };
              timeline.command(null, [{ type, data, stream: `run-${run}` }], ids);
            };
            if (run !== null && !begun.has(run)) ofRun('RunStarted');
            if (run !== null) begun.add(run);
            timeline.command(
              name,
              facts.map((each) => each({ homes })),
              { ...meta, ...(hasOneActor && { actor: oneActor }), ...(run !== null && { causationId: run }) },
            );
            if (run !== null) ofRun('RunAdvanced');
          }
          timeline.project(size).restart();
          const wholes = [-1, ...timeline.events.map(({ position }) => Number(position))].filter((at) =>
            isWhole(timeline.events, at),
          );
          const at = wholes[Math.floor(when * (wholes.length - 1))] ?? -1;
          const prefix = timeline.events.filter(({ position }) => position <= BigInt(at));
          for (const parameters of [{}, ...questions]) {
            const expected = naive(prefix, at, parameters, roles);
            expect(walk(timeline, parameters, { at, roles, limit: size })).toEqual(expected);
            expect(timeline.ask(parameters as Record<string, string>, { at, roles, limit: 1 }).total).toBe(
              expected.length,
            );
          }
        } finally {
          timeline.close();
        }
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);

/** No moment lies inside of an append. */
function isWhole(events: readonly RecordedEvent[], at: number): boolean {
  const next = events.find(({ position }) => position > BigInt(at));
  const last = events.findLast(({ position }) => position <= BigInt(at));
  return next?.recordedAt !== last?.recordedAt || next === undefined;
}
