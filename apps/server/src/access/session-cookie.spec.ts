import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Session, SessionCookies } from './session-cookie.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-session-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = Date.parse('2013-05-03T12:00:00Z');
const pairOf = (setCookie: string): string => setCookie.split(';', 1)[0] ?? '';

test('a cookie names its token and its end, to this key alone, also after a restart', () => {
  const cookie = pairOf(SessionCookies.open(folder).issue('abc123', null, now));
  expect(SessionCookies.open(folder).read(`theme=dark; ${cookie}; x=y`, now)).toEqual({
    id: expect.stringMatching(/^[\w-]{16}$/),
    tokenId: 'abc123',
    expiresAtMs: now + 12 * 3600_000,
  });
  expect(statSync(join(folder, 'session.key')).mode & 0o777).toBe(0o600);
  const other = mkdtempSync(join(tmpdir(), 'homeward-session-'));
  expect(SessionCookies.open(other).read(cookie, now)).toBe('forged');
  rmSync(other, { recursive: true });
});

test('it ends with its token', () => {
  const setCookie = SessionCookies.open(folder).issue('abc', '2013-05-03T12:10:00.000Z', now);
  expect(setCookie).toContain('; Max-Age=600;');
});

test('nothing of it can be changed', () => {
  const cookies = SessionCookies.open(folder);
  const cookie = pairOf(cookies.issue('abc', null, now));
  expect(cookies.read(cookie.replace('abc', 'abd'), now)).toBe('forged');
  expect(cookies.read(cookie.replace(/\.(\w+)\./, '.zzzzzzzz.'), now)).toBe('forged');
  expect(cookies.read(`${cookie}x`, now)).toBe('forged');
  expect(cookies.read('homeward_session=', now)).toBeUndefined();
  expect(cookies.read('other=1', now)).toBeUndefined();
});

test('a key file of another size is told, not replaced', () => {
  writeFileSync(join(folder, 'session.key'), 'short');
  expect(() => SessionCookies.open(folder)).toThrow(/must hold 32 bytes/);
});

test('a session that was signed out stays ended after a restart; the others go on', () => {
  const cookies = SessionCookies.open(folder);
  const [one, other] = [cookies.issue('abc', null, now), cookies.issue('abc', null, now)].map(pairOf);
  const session = cookies.read(one, now);
  expect(session).toMatchObject({ tokenId: 'abc' });
  cookies.end(session as Session, now);
  for (const opened of [cookies, SessionCookies.open(folder, now)]) {
    expect(opened.read(one, now)).toBe('ended');
    expect(opened.read(other, now)).toMatchObject({ tokenId: 'abc' });
  }
  expect(cookies.read(other, now + 12 * 3600_000)).toBe('ended');
});

test('what ended is forgotten when it would have run out', () => {
  const file = join(folder, 'sessions.ended');
  const cookies = SessionCookies.open(folder);
  const id = 'a'.repeat(16);
  cookies.end({ id, tokenId: 'abc', expiresAtMs: Date.now() - 1 }, now);
  cookies.end({ id: 'b'.repeat(16), tokenId: 'abc', expiresAtMs: Date.now() + 60_000 }, now);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(id);
  SessionCookies.open(folder);
  expect(readFileSync(file, 'utf8')).toMatch(/^\nb{16} [0-9a-z]+$/);
});
