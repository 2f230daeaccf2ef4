import { setTimeout as sleep } from 'node:timers/promises';
import { addressBlock, Allowance } from './allowance.js';

test('so many are free, then the seconds to wait are told, each key for itself', () => {
  const allowance = new Allowance(3, 60, 100);
  expect([1, 2, 3].map(() => allowance.spend('a'))).toEqual([0, 0, 0]);
  expect(allowance.spend('a')).toBeGreaterThan(0);
  expect(allowance.spend('a')).toBeLessThanOrEqual(60);
  expect(allowance.spend('b')).toBe(0);
});

test('the window begins with the first, and ends', async () => {
  const allowance = new Allowance(1, 0.05, 100);
  allowance.spend('a');
  expect(allowance.spend('a')).toBeGreaterThan(0);
  await sleep(80);
  expect(allowance.spend('a')).toBe(0);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts as %s', (ip, block) => {
  expect(addressBlock(ip)).toBe(block);
});
