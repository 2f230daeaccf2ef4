import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionCookies } from './session-cookie.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-session-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = Date.parse('2013-05-03T12:00:00Z');
const pairOf = (setCookie: string): string => setCookie.split(';', 1)[0] ?? '';

test('a cookie names its token and its end, to this key alone, also after a restart', () => {
  const cookie = pairOf(SessionCookies.open(folder).issue('abc123', null, now));
  expect(SessionCookies.open(folder).read(`theme=dark; ${cookie}; x=y`)).toEqual({
    tokenId: 'abc123',
    expiresAtMs: now + 12 * 3600_000,
  });
  expect(statSync(join(folder, 'session.key')).mode & 0o777).toBe(0o600);
  const other = mkdtempSync(join(tmpdir(), 'homeward-session-'));
  expect(SessionCookies.open(other).read(cookie)).toBe('forged');
  rmSync(other, { recursive: true });
});

test('it ends with its token', () => {
  const setCookie = SessionCookies.open(folder).issue('abc', '2013-05-03T12:10:00.000Z', now);
  expect(setCookie).toContain('; Max-Age=600;');
});

test('nothing of it can be changed', () => {
  const cookies = SessionCookies.open(folder);
  const cookie = pairOf(cookies.issue('abc', null, now));
  expect(cookies.read(cookie.replace('abc', 'abd'))).toBe('forged');
  expect(cookies.read(cookie.replace(/\.(\w+)\./, '.zzzzzzzz.'))).toBe('forged');
  expect(cookies.read(`${cookie}x`)).toBe('forged');
  expect(cookies.read('homeward_session=')).toBeUndefined();
  expect(cookies.read('other=1')).toBeUndefined();
});

test('a key file of another size is told, not replaced', () => {
  writeFileSync(join(folder, 'session.key'), 'short');
  expect(() => SessionCookies.open(folder)).toThrow(/must hold 32 bytes/);
});
