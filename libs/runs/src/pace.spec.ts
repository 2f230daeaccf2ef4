import { batchRowsMax, Pace } from './pace.js';

/** Turns of 10 ms each, so many commands in each of them; the rests that were taken. */
function play(pace: (commands: () => number, clock: ConstructorParameters<typeof Pace>[1]) => Pace) {
  let nowMs = 0;
  let commands = 0;
  const rests: number[] = [];
  const rest = (ms: number): Promise<void> => {
    rests.push(ms);
    nowMs += ms;
    return Promise.resolve();
  };
  const paced = pace(() => commands, { nowMs: () => nowMs, workedMs: () => nowMs, rest });
  const turns = async (count: number, commandsEach: number): Promise<void> => {
    for (let n = 0; n < count; n++)
      await paced.turn(paced.rows, () => {
        nowMs += 10;
        commands += commandsEach;
        return Promise.resolve();
      });
  };
  return { paced, turns, rests };
}

const pace = (...args: ConstructorParameters<typeof Pace>): Pace => new Pace(...args);

test('where nobody else works, turns are as large as may be and rest for nobody', async () => {
  const { paced, turns, rests } = play(pace);
  await turns(50, 0);
  expect([paced.rows, new Set(rests)]).toEqual([batchRowsMax, new Set([0])]);
});

test('where commands come all the time, turns are small and rest as long as they work, until the commands end', async () => {
  const { paced, turns, rests } = play(pace);
  await turns(10, 5);
  expect([paced.rows, rests.at(-1)]).toEqual([100, 10]);
  await turns(20, 0);
  expect([paced.rows, rests.at(-1)]).toEqual([batchRowsMax, 0]);
});

test('a handful of commands changes nothing', async () => {
  const { paced, turns, rests } = play(pace);
  for (let n = 0; n < 20; n++) {
    await turns(1, 9);
    await turns(10, 0);
  }
  expect([paced.rows, new Set(rests)]).toEqual([batchRowsMax, new Set([0])]);
});

test('what a turn throws is thrown, and the next one has its turn', async () => {
  const { paced } = play(pace);
  await expect(paced.turn(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await paced.turn(1, () => Promise.resolve(7))).toBe(7);
});
