import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { LiveStream } from './live-stream.js';

const message = (position: number, ...subjects: string[]) => ({ position: BigInt(position), subjects });
const follow = (resumeAfter: bigint) => {
  const pipe = new PassThrough();
  const stream = new LiveStream(pipe as unknown as ServerResponse, resumeAfter);
  const ids = (): string[] => [...String(pipe.read() ?? '').matchAll(/^id: (\d+)$/gm)].map(([, id]) => id ?? '');
  return { pipe, stream, ids };
};

test('what happens while a client is told what it missed comes after it, each position once', async () => {
  const { stream, ids } = follow(4n);
  stream.advanced(message(7, 'pool:b'));
  await stream.missed(message(5, 'pool:a'));
  await stream.missed(message(7, 'pool:b'));
  stream.advanced(message(9, 'pool:c'));
  stream.caughtUp();
  stream.advanced(message(9, 'pool:c'));
  stream.advanced(message(10, 'pool:d'));
  expect(ids()).toEqual(['5', '7', '9', '10']);
});

test('a client that does not read is let go before it fills the memory', () => {
  const { pipe, stream } = follow(-1n);
  stream.caughtUp();
  const subjects = Array.from({ length: 500 }, (_, index) => `user:sip:user${index}@contoso.com`);
  for (let position = 1; position < 1000 && !stream.ended; position++) stream.advanced(message(position, ...subjects));
  expect(stream.ended).toBe(true);
  expect(pipe.writableLength + pipe.readableLength).toBeLessThan(1024 * 1024);
});

test('what waits meanwhile is bounded: in the end it is told that all may have changed', () => {
  const { pipe, stream } = follow(-1n);
  for (let position = 1; position <= 1500; position++) stream.advanced(message(position, 'pool:a'));
  stream.caughtUp();
  const text = String(pipe.read());
  expect(text.match(/^id: /gm)).toHaveLength(1000);
  expect(text).toMatch(/id: 1500\ndata: \{"position":"1500","subjects":\["estate"\]\}\n\n$/);
});
