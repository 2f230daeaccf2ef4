import type { Appended, Check, Conflict } from '#event-log';
import { expectNew, recordFor } from '../test/given.js';
import { Patience } from './patience.js';
import { placed } from './record.js';
import { type Asked, checksOf, takeTogether } from './together.js';

function asked(streams: readonly string[], guards: readonly Check[] = [], characters = 100): Asked {
  const checks = [...streams.map((stream) => expectNew(stream)), ...guards];
  const places = placed(
    streams.map((stream) => recordFor(stream)),
    checks,
  );
  const answer = Promise.withResolvers<Appended | Conflict>();
  return { places, checks, characters, patience: new Patience(1000), answer, alone: false };
}

const pool = (expect: Check['expect']): Check => ({ stream: 'pool', expect });
const taken = (waiting: Asked[]): number => takeTogether(waiting).length;

describe('appends that wait', () => {
  test('go together where they write streams of their own and expect the same of what they look at', () => {
    const waiting = [asked(['user-a'], [pool(3n)]), asked(['user-b'], [pool(3n)]), asked(['user-c'])];
    const together = takeTogether(waiting);
    expect([together.length, waiting.length]).toEqual([3, 0]);
    expect(checksOf(together)).toEqual([expectNew('user-a'), pool(3n), expectNew('user-b'), expectNew('user-c')]);
  });

  test.each([
    ['both write one stream', asked(['user-a']), asked(['user-a'])],
    ['one writes what the other looks at', asked(['pool']), asked(['user-a'], [pool('no-stream')])],
    ['one looks at what the other writes', asked(['user-a'], [pool('no-stream')]), asked(['pool'])],
    ['they expect another thing of a stream', asked(['user-a'], [pool(3n)]), asked(['user-b'], [pool(4n)])],
    ['KurrentDB would take two streams for one', asked(['user-µ']), asked(['user-μ'])],
    ['one has to be alone', { ...asked(['user-a']), alone: true }, asked(['user-b'])],
    ['the other one has to be alone', asked(['user-a']), { ...asked(['user-b']), alone: true }],
    ['they are too large', asked(['user-a'], [], 600_000), asked(['user-b'], [], 600_000)],
  ])('go one after another where %s', (_, first, second) => {
    const waiting = [first, second];
    expect(takeTogether(waiting)).toEqual([first]);
    expect(takeTogether(waiting)).toEqual([second]);
  });

  test('let pass who can go now, and keep their order', () => {
    const [first, blocked, free, later] = [asked(['user-a']), asked(['user-a']), asked(['user-b']), asked(['user-a'])];
    const waiting = [first, blocked, free, later] as Asked[];
    expect(takeTogether(waiting)).toEqual([first, free]);
    expect(waiting).toEqual([blocked, later]);
  });

  test('are so many that a call stays small, and one that is larger goes by itself', () => {
    const waiting = Array.from({ length: 300 }, (_, n) => asked([`user-${n}`]));
    expect([taken(waiting), taken(waiting), taken(waiting), taken(waiting)]).toEqual([128, 128, 44, 0]);
    const large = asked(Array.from({ length: 500 }, (_, n) => `room-${n}`));
    expect(taken([large, asked(['user-a'])])).toBe(1);
  });
});
