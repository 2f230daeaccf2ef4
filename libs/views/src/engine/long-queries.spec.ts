import { setImmediate as nextTurn } from 'node:timers/promises';
import { LongQueries } from './long-queries.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await nextTurn();
};

/** Tells each of its slices. */
function* slices(name: string, count: number, told: string[]): Generator<undefined, string, void> {
  for (let slice = 1; slice < count; slice++) {
    told.push(`${name}${slice}`);
    yield;
  }
  told.push(`${name}${count}`);
  return name;
}

test('long queries go on in turn, and others come in between', async () => {
  const long = new LongQueries();
  const told: string[] = [];
  const [a, b] = [slices('a', 3, told), slices('b', 2, told)];
  const both = Promise.all([long.take(() => a.next()), long.take(() => b.next())]);
  setImmediate(() => told.push('another'));
  expect(await both).toEqual(['a', 'b']);
  expect(told.filter((each) => each !== 'another')).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  expect(told.indexOf('another')).toBeLessThan(told.indexOf('a3'));
});

test('four are worked on at once, 32 wait for them, and more are refused', async () => {
  const long = new LongQueries();
  const told: string[] = [];
  const ask = (name: string): Promise<unknown> => {
    const query = slices(name, 2, told);
    return long.take(() => query.next());
  };
  const asked = Array.from({ length: 36 }, (_, n) => ask(`${n}:`));
  await expect(ask('too many')).rejects.toMatchObject({ name: 'ViewsBusy' });
  expect(told).toEqual(['0:1', '1:1', '2:1', '3:1']);
  expect(await Promise.all(asked)).toHaveLength(36);
  expect(await ask('later')).toBe('later');
});

test('one that fails lets the next one begin, and once it is ended nothing goes on', async () => {
  const long = new LongQueries();
  const told: string[] = [];
  const failing = Array.from({ length: 4 }, () =>
    long.take(() => {
      throw new Error('unreadable');
    }),
  );
  for (const each of failing) await expect(each).rejects.toThrow('unreadable');
  const query = slices('a', 100, told);
  const asked = long.take(() => query.next());
  await turns(1);
  long.end();
  await expect(asked).rejects.toThrow('the views are closed');
  expect(told.length).toBeLessThan(5);
});
