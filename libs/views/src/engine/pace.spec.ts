import { Pace } from './pace.js';

/** So many queries and events come in every millisecond, as long as it is told. */
function paceAmong(perMs: { queries: number; events: number }): Pace {
  const begun = performance.now();
  const count = (each: number) => () => Math.floor((performance.now() - begun) * each);
  return new Pace({ queries: () => count(perMs.queries)(), events: () => count(perMs.events)() });
}

/** As a projection does that takes an event in 20 microseconds. */
function work(events: number): void {
  for (const end = performance.now() + events / 50; performance.now() < end;);
}

async function eventsPerSecond(pace: Pace, ms: number): Promise<number> {
  const begun = performance.now();
  let events = 0;
  while (performance.now() - begun < ms) {
    const next = pace.events;
    work(next);
    events += next;
    await pace.rest(next);
  }
  return (events / (performance.now() - begun)) * 1000;
}

test('where nobody wants anything it goes on at once, in large pieces', async () => {
  const pace = paceAmong({ queries: 0, events: 0 });
  await eventsPerSecond(pace, 300);
  expect(pace.events).toBe(4000);
});

test('among queries it works in small pieces and rests between them', async () => {
  const pace = paceAmong({ queries: 1, events: 0 });
  await eventsPerSecond(pace, 300);
  expect(pace.events).toBeLessThan(200);
  const { user, system } = process.threadCpuUsage();
  const begun = performance.now();
  await eventsPerSecond(pace, 500);
  const spent = process.threadCpuUsage({ user, system });
  expect((spent.user + spent.system) / 1000).toBeLessThan((performance.now() - begun) / 3);
});

test('it gets through more than is written meanwhile', async () => {
  const pace = paceAmong({ queries: 1, events: 8 });
  await eventsPerSecond(pace, 300);
  expect(await eventsPerSecond(pace, 500)).toBeGreaterThan(8000);
});
