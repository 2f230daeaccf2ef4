import type { FastifyRequest } from 'fastify';
import { assertSameOrigin } from './same-origin.js';

const request = (method: string, headers: Record<string, string>): FastifyRequest =>
  ({ method, headers: { host: 'homeward.example:4680', ...headers } }) as unknown as FastifyRequest;

test.each([
  ['GET', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['POST', {}],
  ['POST', { origin: 'http://homeward.example:4680' }],
  ['POST', { origin: 'https://homeward.example:4680', 'sec-fetch-site': 'same-origin' }],
  ['POST', { 'sec-fetch-site': 'none' }],
])('%s with %j is let through', (method, headers) => {
  expect(() => assertSameOrigin(request(method, headers))).not.toThrow();
});

test.each([
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://homeward.example' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://homeward.example:4680' }],
])('POST with %j is not', (headers) => {
  expect(() => assertSameOrigin(request('POST', headers))).toThrow(/other sites/);
});
