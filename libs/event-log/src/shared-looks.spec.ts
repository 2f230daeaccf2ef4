import { SharedLooks } from './shared-looks.js';

/** Looks that end when they are told to. */
function looked() {
  const begun: PromiseWithResolvers<number>[] = [];
  const look = (): Promise<number> => {
    begun.push(Promise.withResolvers());
    return begun.at(-1)!.promise;
  };
  return { begun, look };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('looks that are shared', () => {
  test('nobody gets the answer of a look that began before they asked, and all who wait share the next one', async () => {
    const looks = new SharedLooks();
    const { begun, look } = looked();
    const first = looks.take('a', look);
    const others = [looks.take('a', look), looks.take('a', look)];
    expect(begun).toHaveLength(1);
    begun[0]!.resolve(1);
    expect(await first).toBe(1);
    await turn();
    expect(begun).toHaveLength(2);
    const late = looks.take('a', look);
    begun[1]!.resolve(2);
    expect(await Promise.all(others)).toEqual([2, 2]);
    await turn();
    begun[2]!.resolve(3);
    expect(await late).toBe(3);
    expect(begun).toHaveLength(3);
  });

  test('one that fails fails for those who shared it, and the next one is made all the same', async () => {
    const looks = new SharedLooks();
    const { begun, look } = looked();
    const first = looks.take('a', look);
    const second = looks.take('a', look);
    begun[0]!.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await turn();
    begun[1]!.resolve(2);
    expect(await second).toBe(2);
    const other = looks.take('a', look);
    begun[2]!.resolve(3);
    expect(await other).toBe(3);
  });

  test('different things are looked at independently', async () => {
    const looks = new SharedLooks();
    const { begun, look } = looked();
    const both = [looks.take('a', look), looks.take('b', look)];
    expect(begun).toHaveLength(2);
    for (const each of begun) each.resolve(1);
    expect(await Promise.all(both)).toEqual([1, 1]);
  });
});
