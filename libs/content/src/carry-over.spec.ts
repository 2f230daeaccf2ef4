import * as fc from 'fast-check';
import { type ContentName, type DeploymentId, foldCase } from '#kernel';
import type { CarriedContentTakenBack, ContentCarriedOver, PreviousContent } from './carried-over.js';
import { type Carriable, carryOver } from './carry-over.js';
import { type ContentEvent, contentStream } from './content.js';
import type { Content } from './inventory.js';
import { asAddIn, asCategory, asRoom } from './previous.js';
import { takeBackNext } from './take-back.js';

const target = 'pchat13.contoso.com' as DeploymentId;
const { type } = contentStream(target);
const named = (name: string) => name as ContentName;
const flags = { invitations: true, fileUpload: true, chatHistory: true };
const names = ['Lobby', 'FX', 'Desks', 'lobby'];

/** What some source holds, flattened, in the order of a plan: what a room refers to stands before it. */
const anySource = fc
  .record({
    addIns: fc.subarray(['Ticker', 'ticker', 'News']),
    categories: fc.uniqueArray(fc.constantFrom(...names, 'Trading'), { minLength: 1 }),
    rooms: fc.array(fc.tuple(fc.constantFrom(...names, 'x'.repeat(257)), fc.nat(), fc.nat()), { maxLength: 6 }),
  })
  .map(({ addIns, categories, rooms }): readonly Carriable[] => [
    ...addIns.map((addIn, n) => ({
      kind: 'add-in' as const,
      addIn: named(addIn),
      url: `https://a${n}.contoso.com/`,
      from: named(addIn),
    })),
    ...categories.map((category) => ({
      kind: 'category' as const,
      category,
      ...flags,
      invitations: false,
      from: named(category),
    })),
    ...rooms.map(([room, category, addIn], n) => ({
      kind: 'room' as const,
      room,
      category: categories[category % categories.length]!,
      type: 'auditorium' as const,
      privacy: 'secret' as const,
      addIn: addIns.length === 0 || addIn % 2 === 0 ? null : named(addIns[addIn % addIns.length]!),
      from: named(`${n}`),
    })),
  ]);

const migrations = ['a', 'b'] as const;
type Move =
  | { readonly kind: 'carry' | 'take-back'; readonly migration: (typeof migrations)[number] }
  | { readonly kind: 'do'; readonly what: string; readonly name: string; readonly other: number };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('carry' as const, 'take-back' as const),
    migration: fc.constantFrom(...migrations),
  }),
  fc.record({
    kind: fc.constant('do' as const),
    what: fc.constantFrom(
      'add category',
      'add room',
      'add add-in',
      'remove room',
      'remove category',
      'remove add-in',
      'detach',
    ),
    name: fc.constantFrom(...names, 'Pilot', 'Ticker'),
    other: fc.nat(),
  }),
);

/** What somebody does to the target, where the rules of the commands allow it. */
function done(content: Content, { what, name: text, other }: Extract<Move, { kind: 'do' }>): ContentEvent | undefined {
  const [name, key, of] = [named(text), foldCase(text), { deployment: target }];
  const { categories, rooms, addIns } = content;
  const category = [...categories.values()][other % Math.max(categories.size, 1)];
  const addIn = [...addIns.values()][other % Math.max(addIns.size, 1)];
  const isFree = !categories.has(key) && !rooms.has(key);
  switch (what) {
    case 'add category':
      return isFree ? { type: 'CategoryAdded', data: { ...of, category: name, parent: null, ...flags } } : undefined;
    case 'add room': {
      const place = category && { category: category.name, addIn: addIn?.name ?? null };
      const data = place && { ...of, room: name, ...place, type: 'normal' as const, privacy: 'open' as const };
      return isFree && data ? { type: 'RoomAdded', data } : undefined;
    }
    case 'add add-in':
      return addIns.has(key)
        ? undefined
        : { type: 'AddInAdded', data: { ...of, addIn: name, url: 'https://own.contoso.com/' } };
    case 'remove room':
      return rooms.has(key) ? { type: 'RoomRemoved', data: { ...of, room: rooms.get(key)!.name } } : undefined;
    case 'detach':
      return rooms.get(key)?.addIn ? { type: 'AddInDetached', data: { ...of, room: rooms.get(key)!.name } } : undefined;
    case 'remove category': {
      const known = categories.get(key);
      const isEmpty = known && known.rooms + known.categories === 0;
      return isEmpty ? { type: 'CategoryRemoved', data: { ...of, category: known.name } } : undefined;
    }
    default: {
      const known = addIns.get(key);
      return known?.rooms === 0 ? { type: 'AddInRemoved', data: { ...of, addIn: known.name } } : undefined;
    }
  }
}

const wanted = (migration: string) => ({
  migration,
  source: `${migration}.contoso.com` as DeploymentId,
  target,
  batchThingsMax: 2,
});

function carry(content: Content, migration: string, all: readonly Carriable[]): ContentCarriedOver | undefined {
  return carryOver(content, { ...wanted(migration), all });
}

const next = (content: Content, migration: string) => takeBackNext(content, wanted(migration));

function all(content: Content, step: (content: Content) => ContentEvent | undefined): Content {
  let state = content;
  for (let event = step(state); event; event = step(state)) state = type.evolve(state, event);
  return state;
}

/** What is there, as somebody sees it who reads the events' data. */
function shown(content: Content): object {
  const { categories, rooms, addIns } = content;
  return {
    categories: byName(
      [...categories.values()].map((each) => asCategory(each)),
      ({ category }) => category,
    ),
    rooms: byName(
      [...rooms.values()].map((each) => asRoom(content, each)),
      ({ room }) => room,
    ),
    addIns: byName(
      [...addIns.values()].map((each) => asAddIn(each)),
      ({ addIn }) => addIn,
    ),
  };
}

function byName<T>(things: readonly T[], name: (thing: T) => string): Record<string, T> {
  return Object.fromEntries(
    things.map((thing) => [foldCase(name(thing)), thing] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every room is in a category, with an add-in that is there, and has no category's name; what is counted is there. */
function expectSound({ categories, rooms, addIns, excludedRooms }: Content): void {
  for (const [key, room] of rooms.entries()) {
    expect([key, categories.has(room.category)]).toEqual([key, true]);
    expect([key, room.addIn === null || addIns.has(room.addIn)]).toEqual([key, true]);
    expect([key, categories.has(key)]).toEqual([key, false]);
  }
  for (const [key, category] of categories.entries())
    expect([key, category.rooms]).toEqual([key, rooms.count((room) => room.category === key)]);
  for (const [key, addIn] of addIns.entries())
    expect([key, addIn.rooms]).toEqual([key, rooms.count((room) => room.addIn === key)]);
  expect(excludedRooms).toBe(rooms.count(({ excluded }) => excluded));
}

/** The target as a projection makes it of the data alone (see `carried-over.ts`). */
class Projected {
  private readonly things = {
    categories: new Map<string, any>(),
    rooms: new Map<string, any>(),
    addIns: new Map<string, any>(),
  };

  constructor(content: Content) {
    this.put(asPrevious(content));
  }

  apply(event: ContentCarriedOver | CarriedContentTakenBack): void {
    if (event.type === 'ContentCarriedOver') {
      const { data } = event;
      const { overwritten, migration, source: deployment } = data;
      for (const kind of ['categories', 'rooms', 'addIns'] as const)
        for (const thing of overwritten[kind]) this.things[kind].delete(keyOf(thing));
      const from = <T extends { from: ContentName }>({ from: name, ...thing }: T) => ({
        ...thing,
        carriedOverFrom: { migration, deployment, name },
      });
      return this.put({
        categories: data.categories.map(from),
        rooms: data.rooms.map((room) => ({ ...from(room), excluded: false })),
        addIns: data.addIns.map(from),
      });
    }
    const { removed, restored, kept } = event.data;
    for (const kind of ['categories', 'rooms', 'addIns'] as const)
      for (const name of removed[kind]) this.things[kind].delete(foldCase(name));
    this.put(restored);
    for (const kind of ['categories', 'addIns'] as const)
      for (const name of kept[kind]) this.things[kind].get(foldCase(name)).carriedOverFrom = null;
  }

  shown(): object {
    const sorted = (map: Map<string, any>) =>
      Object.fromEntries([...map.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const { categories, rooms, addIns } = this.things;
    return { categories: sorted(categories), rooms: sorted(rooms), addIns: sorted(addIns) };
  }

  private put(content: PreviousContent): void {
    for (const kind of ['categories', 'rooms', 'addIns'] as const)
      for (const thing of content[kind]) this.things[kind].set(keyOf(thing), { ...thing });
  }
}

function asPrevious(content: Content): PreviousContent {
  return {
    categories: [...content.categories.values()].map((each) => asCategory(each)),
    rooms: [...content.rooms.values()].map((each) => asRoom(content, each)),
    addIns: [...content.addIns.values()].map((each) => asAddIn(each)),
  };
}

const keyOf = (thing: any): string => foldCase(thing.room ?? thing.category ?? thing.addIn);

/** A category that is overwritten may be spelled otherwise: rooms are in it all the same. */
function placed(content: object): unknown {
  return JSON.parse(JSON.stringify(content), (key, value: unknown) =>
    (key === 'category' || key === 'addIn') && typeof value === 'string' ? foldCase(value) : value,
  );
}

/** A target somebody has put things in. */
const anyTarget = fc.array(anyMove, { maxLength: 20 }).map((moves) =>
  moves.reduce((content, move) => {
    const event = move.kind === 'do' ? done(content, move) : undefined;
    return event ? type.evolve(content, event) : content;
  }, type.initial),
);

test('what is carried over and taken back leaves the target as it was, whichever of two goes back first', () => {
  fc.assert(
    fc.property(anyTarget, anySource, anySource, fc.boolean(), (before, a, b, isFirst) => {
      const there = all(
        all(before, (content) => carry(content, 'a', a)),
        (content) => carry(content, 'b', b),
      );
      expectSound(there);
      expect(there.carriedIn.get('b')?.remaining).toBe(0);
      const [first, second] = isFirst ? ['a', 'b'] : ['b', 'a'];
      const between = all(there, (content) => next(content, first));
      expectSound(between);
      const back = all(between, (content) => next(content, second));
      expect(shown(back)).toEqual(shown(before));
      expectSound(back);
      expect(back.covered.size).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('a room with the name of a category of its source is left out, also where somebody has removed that category since', () => {
  const category = (name: string) => ({ kind: 'category' as const, category: name, ...flags, from: named(name) });
  const room = (name: string, place: string) => ({
    kind: 'room' as const,
    room: name,
    category: place,
    type: 'normal' as const,
    privacy: 'open' as const,
    addIn: null,
    from: named(name),
  });
  const source = [category('FX'), category('Trading'), room('FX', 'Trading'), room('Desks', 'FX')];
  const begun = type.evolve(type.initial, carry(type.initial, 'a', source)!);
  const without = type.evolve(begun, {
    type: 'CategoryRemoved',
    data: { deployment: target, category: named('FX') },
  });
  const event = carry(without, 'a', source)!;
  expect(event.data).toMatchObject({
    categories: [{ category: 'FX' }],
    rooms: [{ room: 'Desks', category: 'FX' }],
    leftOut: [{ name: 'FX', because: 'name-of-a-category' }],
    overwritten: { categories: [], rooms: [] },
    carried: { categories: 2, rooms: 1 },
    remaining: 0,
  });
  expectSound(type.evolve(without, event));
});

test('whatever others do meanwhile, the target stays sound, and its events tell all that changes', () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(anySource, anySource, fc.array(anyMove, { maxLength: 40, size: 'max' }), (a, b, moves) => {
      const sources = { a, b };
      const goesBack = new Set<string>();
      let state = type.initial;
      const play = (event: ContentEvent | undefined): void => {
        if (!event) return;
        const projected = new Projected(state);
        state = type.evolve(state, event);
        expectSound(state);
        if (event.type !== 'ContentCarriedOver' && event.type !== 'CarriedContentTakenBack') return;
        projected.apply(event);
        expect(placed(projected.shown())).toEqual(placed(shown(state)));
        note(event, reached);
      };
      for (const move of moves)
        if (move.kind === 'do') play(done(state, move));
        else if (move.kind === 'carry' && !goesBack.has(move.migration))
          play(carry(state, move.migration, sources[move.migration]));
        else {
          goesBack.add(move.migration);
          play(next(state, move.migration));
        }
      for (const migration of migrations) {
        for (let event = next(state, migration); event; event = next(state, migration)) play(event);
        const things = [...state.categories.values(), ...state.rooms.values(), ...state.addIns.values()];
        expect(things.filter(({ carriedOverFrom }) => carriedOverFrom?.migration === migration)).toEqual([]);
      }
      expect([...state.covered.entries()]).toEqual([]);
    }),
    { numRuns: 800 },
  );
  expect([...reached].toSorted()).toEqual([
    'addIns kept',
    'addIns overwritten',
    'addIns restored',
    'categories kept',
    'categories overwritten',
    'categories restored',
    'left out: name-of-a-category',
    'left out: name-of-another-category',
    'left out: name-of-another-room',
    'left out: name-too-long',
    'rooms overwritten',
    'rooms restored',
  ]);
});

function note(event: ContentCarriedOver | CarriedContentTakenBack, reached: Set<string>): void {
  const lists: readonly (readonly [string, object])[] =
    event.type === 'ContentCarriedOver'
      ? [['overwritten', event.data.overwritten]]
      : [
          ['restored', event.data.restored],
          ['kept', event.data.kept],
        ];
  for (const [what, things] of lists)
    for (const [kind, list] of Object.entries(things))
      if ((list as unknown[]).length > 0) reached.add(`${kind} ${what}`);
  if (event.type === 'ContentCarriedOver')
    for (const { because } of event.data.leftOut) reached.add(`left out: ${because}`);
}
