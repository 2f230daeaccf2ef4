import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EndedSessions } from './ended-sessions.js';

const name = 'homeward_session';
const secondsMax = 12 * 60 * 60;
const attributes = 'Path=/; HttpOnly; SameSite=Strict';

export interface Session {
  /** Random; no two sessions share it. */
  readonly id: string;
  readonly tokenId: string;
  readonly expiresAtMs: number;
}

/**
 * Session cookies: `<token id>.<expiry>.<session id>.<HMAC>`. They outlive a restart, for their key is a file; they never outlive their token,
 * nor that their owner signs out.
 */
export class SessionCookies {
  private constructor(
    private readonly key: Buffer,
    private readonly ended: EndedSessions,
  ) {}

  /** With the given key, or the one in `session.key` of this folder, made where there is none. Who deletes it ends every session. */
  static open(folder: string, nowMs = Date.now(), given?: Buffer): SessionCookies {
    if (given) return new SessionCookies(given, EndedSessions.open(folder, nowMs));
    const file = join(folder, 'session.key');
    try {
      writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const key = readFileSync(file);
    if (key.length === 32) return new SessionCookies(key, EndedSessions.open(folder, nowMs));
    throw new Error(`${file} must hold 32 bytes; delete it, and a new one is made (everybody signs in again)`);
  }

  /** The `Set-Cookie` of a session that ends with its token, at the latest after half a day. */
  issue(tokenId: string, tokenExpiresAt: string | null, nowMs: number): string {
    const tokenEndsMs = tokenExpiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(tokenExpiresAt);
    const expiresAtMs = Math.min(nowMs + secondsMax * 1000, tokenEndsMs);
    const signed = `${tokenId}.${expiresAtMs.toString(36)}.${randomBytes(12).toString('base64url')}`;
    const maxAge = Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
    return `${name}=${signed}.${this.mac(signed)}; Max-Age=${maxAge}; ${attributes}`;
  }

  /** The `Set-Cookie` that takes it away. */
  clear(): string {
    return `${name}=; Max-Age=0; ${attributes}`;
  }

  /** The session that a `Cookie` header names: `forged` where it is none of ours, `ended` where it has run out or was signed out. */
  read(header: string | undefined, nowMs: number): Session | 'forged' | 'ended' | undefined {
    const value = header === undefined ? undefined : cookieValue(header);
    if (value === undefined || value === '') return undefined;
    const [, signed = '', tokenId = '', expiry = '', id = '', mac = ''] =
      /^(([^.]{1,128})\.([0-9a-z]{1,11})\.([\w-]{16}))\.([\w-]{43})$/.exec(value) ?? [];
    if (signed === '' || !timingSafeEqual(Buffer.from(mac), Buffer.from(this.mac(signed)))) return 'forged';
    const expiresAtMs = Number.parseInt(expiry, 36);
    return expiresAtMs <= nowMs || this.ended.has(id) ? 'ended' : { id, tokenId, expiresAtMs };
  }

  /** Ends a session for good; on disk when it returns. @throws {Problem} where too many end at once */
  end({ id, expiresAtMs }: Session, nowMs: number): void {
    this.ended.add(id, expiresAtMs, nowMs);
  }

  private mac(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}

function cookieValue(header: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
