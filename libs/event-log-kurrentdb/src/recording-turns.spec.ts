import { setTimeout as sleep } from 'node:timers/promises';
import { RecordingTurns } from './recording-turns.js';

describe('turns to record', () => {
  let ms = 0;
  const clock = (): string => new Date(ms).toISOString();

  test('an append alone has the time of the clock', async () => {
    const turns = new RecordingTurns(clock);
    for (ms = 1; ms < 5; ms++) {
      expect(await turns.enter()).toBe(clock());
      turns.leave();
    }
  });

  test('appends in flight together share one time, and those that come later wait for them', async () => {
    ms = 10;
    const turns = new RecordingTurns(clock);
    const first = await turns.enter();
    ms = 20;
    expect(await turns.enter()).toBe(first);
    await sleep(5);
    let later: string | undefined;
    void turns.enter().then((recordedAt) => (later = recordedAt));
    await sleep(1);
    turns.leave();
    await sleep(1);
    expect(later).toBeUndefined();
    turns.leave();
    await sleep(1);
    expect(later).toBe(clock());
  });

  test('whatever the order in which appends land, time does not go backwards', async () => {
    const turns = new RecordingTurns(() => new Date().toISOString());
    const log: string[] = [];
    const append = async (): Promise<void> => {
      const recordedAt = await turns.enter();
      await sleep(Math.random() * 4);
      log.push(recordedAt);
      await sleep(Math.random() * 4);
      turns.leave();
    };
    const writer = async (): Promise<void> => {
      for (let n = 0; n < 30; n++) await append();
    };
    await Promise.all(Array.from({ length: 40 }, writer));
    expect(log).toHaveLength(1200);
    expect(log).toEqual(log.toSorted());
    expect(new Set(log).size).toBeGreaterThan(3);
  });

  test('given a clock that is set back, then time stands still', async () => {
    ms = 5000;
    const turns = new RecordingTurns(clock);
    turns.saw({ recordedAt: new Date(7000).toISOString() });
    expect(await turns.enter()).toBe(new Date(7000).toISOString());
    turns.leave();
  });

  test('no more than 4 are in flight, and all get their turn', async () => {
    const turns = new RecordingTurns(clock);
    let inFlight = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 2000 }, async () => {
        await turns.enter();
        most = Math.max(most, ++inFlight);
        await sleep(1);
        inFlight--;
        turns.leave();
      }),
    );
    expect(most).toBeLessThanOrEqual(4);
  });
});
