import { EventEmitter } from 'node:events';
import type { Projection } from '../projection.js';
import { Gauges } from './gauges.js';
import type { FromBuilder, ToBuilder, ToProjector } from './messages.js';
import { answered, erred, type Questions } from './questions.js';
import type { Builder } from './builders.js';
import type { RebuildSite } from './rebuild-job.js';
import { Rebuilds } from './rebuilds.js';

/** A thread that fills read models as the spec says: each message waits until it is answered. */
class FakeBuilder extends EventEmitter implements Builder {
  readonly asked: ToBuilder[] = [];
  readonly port = {
    on: (event: string, listener: (message: FromBuilder) => void) => this.on(event, listener),
    off: (event: string, listener: (message: FromBuilder) => void) => this.off(event, listener),
    postMessage: (message: ToBuilder) => {
      this.asked.push(message);
      if (this.replies) this.answer(message);
      // Told so twice, it stops once.
      if (message.kind === 'discard' || message.kind === 'stop')
        setImmediate(() => this.emit('message', { kind: 'stopped' }));
    },
  };
  replies = false;

  begun(): Extract<ToBuilder, { kind: 'begin' }> {
    return this.asked.find((each) => each.kind === 'begin') as Extract<ToBuilder, { kind: 'begin' }>;
  }

  answer(message: ToBuilder): void {
    if ('id' in message) this.emit('message', answered(message.id, {}));
  }

  onEnd(): void {}

  dismiss(): Promise<void> {
    return Promise.resolve();
  }
}

const names = ['users', 'topology'];
const order = { purpose: 'swap', by: { id: 'token-1', name: 'Olga' } } as const;
let builders: FakeBuilder[];
let swaps: number;
let rebuilds: Rebuilds;
beforeEach(() => {
  builders = [];
  swaps = 0;
  const site: RebuildSite = {
    threads: [names.map((name) => ({ name }) as Projection)],
    gauges: Gauges.of(names),
    projectors: [{ ask: () => Promise.resolve({}) } as unknown as Questions<ToProjector>],
    hire: () => {
      const builder = new FakeBuilder();
      builders.push(builder);
      return builder;
    },
    files: () => ({}),
    attach: () => Promise.resolve(),
    swapped: () => swaps++,
    head: () => Promise.resolve(100n),
    pulse: new SharedArrayBuffer(4),
    onTrouble: (error) => {
      throw new Error(error);
    },
  };
  rebuilds = new Rebuilds(site);
});
afterEach(() => jest.restoreAllMocks());

/** One of the projection from beginning to end. */
async function rebuilt(name: string): Promise<void> {
  const starting = rebuilds.start([name], order);
  const builder = builders.at(-1)!;
  builder.replies = true;
  builder.answer(builder.begun());
  await (await starting).ended();
}

test('a rebuild is known from the moment it is asked for, and not taken for the one before it', async () => {
  await rebuilt('users');
  expect(rebuilds.status('users')).toMatchObject({ state: 'done' });
  const starting = rebuilds.start(['users'], order);
  expect(rebuilds.names).toEqual(['users']);
  expect(rebuilds.status('users')).toMatchObject({ state: 'running', finishedAt: null });
  const cancelling = rebuilds.cancel(['users']);
  builders[1]!.answer(builders[1]!.begun());
  await Promise.all([starting, cancelling]);
  expect(rebuilds.status('users')).toMatchObject({ state: 'cancelled', error: undefined });
  expect(rebuilds.names).toEqual([]);
  expect(swaps).toBe(1);
});

test('a second one is told whose the first is, and since when', async () => {
  const starting = rebuilds.start(['topology'], order);
  const { startedAt } = builders[0]!.begun().order;
  await expect(rebuilds.start(names, { purpose: 'compare', by: null })).rejects.toThrow(
    `the projection topology is being rebuilt already, for Olga since ${startedAt}; wait for its end, or cancel it`,
  );
  builders[0]!.answer(builders[0]!.begun());
  await starting;
  await rebuilds.cancel(['topology']);
});

test('what an earlier start has done is no speed of this one', async () => {
  let now = 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const starting = rebuilds.resume(new Map([['users', { ...order, id: 'r', startedAt: '2026-03-01T03:00:00Z' }]]), []);
  // Somebody looks before it is known how far the file is.
  rebuilds.note();
  now += 500;
  const gauges = new Gauges(['users'], builders[0]!.begun().gauges);
  gauges.advance('users', 70n, 70, 0);
  builders[0]!.answer(builders[0]!.begun());
  await starting;
  now += 1000;
  expect(rebuilds.status('users')?.progress).toMatchObject({ done: 70, ratePerSecond: 0 });
  gauges.advance('users', 75n, 75, 0);
  expect(rebuilds.status('users')?.progress).toMatchObject({ done: 75, ratePerSecond: 5 });
  await rebuilds.cancel(['users']);
});

test('rounds of filling that never come to an end are left to whoever adopts the files', async () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  await rebuilt('users');
  expect(rebuilds.status('users')).toMatchObject({ state: 'done' });
  expect(builders[0]!.asked.filter(({ kind }) => kind === 'fill')).toHaveLength(50);
  expect(swaps).toBe(1);
});

test('a rebuild that could not begin has failed, and another may begin', async () => {
  const starting = rebuilds.start(['users'], order);
  const { id } = builders[0]!.begun();
  jest.spyOn(rebuilds['site'], 'onTrouble').mockImplementation(() => undefined);
  builders[0]!.emit('message', erred(id, new Error('no space')));
  await expect(starting).rejects.toThrow('no space');
  await new Promise(setImmediate);
  expect(rebuilds.status('users')).toMatchObject({ state: 'failed', error: 'no space' });
  await rebuilt('users');
  expect(rebuilds.status('users')).toMatchObject({ state: 'done' });
});
