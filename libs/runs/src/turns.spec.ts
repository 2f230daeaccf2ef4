import { Turns } from './turns.js';

test('runs take turns one by one, and one that fails keeps nobody waiting', async () => {
  const turns = new Turns(() => 0);
  const order: string[] = [];
  const run = async (name: string): Promise<void> => {
    for (let n = 0; n < 4; n++)
      await turns
        .take(1, () => {
          order.push(name);
          return name === 'b' ? Promise.reject(new Error('no')) : Promise.resolve();
        })
        .catch(() => undefined);
  };
  await Promise.all(['a', 'b', 'c'].map(run));
  expect(order.join('')).toBe('abcabcabcabc');
});
