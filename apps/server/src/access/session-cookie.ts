import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const name = 'homeward_session';
const secondsMax = 12 * 60 * 60;
const attributes = 'Path=/; HttpOnly; SameSite=Strict';

export interface Session {
  readonly tokenId: string;
  readonly expiresAtMs: number;
}

/** Session cookies: `<token id>.<expiry>.<HMAC>`. They outlive a restart, for their key is a file; they never outlive their token. */
export class SessionCookies {
  private constructor(private readonly key: Buffer) {}

  /** With the key in `session.key` of this folder, made where there is none. Who deletes it ends every session. */
  static open(folder: string): SessionCookies {
    const file = join(folder, 'session.key');
    try {
      writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const key = readFileSync(file);
    if (key.length === 32) return new SessionCookies(key);
    throw new Error(`${file} must hold 32 bytes; delete it, and a new one is made (everybody signs in again)`);
  }

  /** The `Set-Cookie` of a session that ends with its token, at the latest after half a day. */
  issue(tokenId: string, tokenExpiresAt: string | null, nowMs: number): string {
    const tokenEndsMs = tokenExpiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(tokenExpiresAt);
    const expiresAtMs = Math.min(nowMs + secondsMax * 1000, tokenEndsMs);
    const signed = `${tokenId}.${expiresAtMs.toString(36)}`;
    const maxAge = Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
    return `${name}=${signed}.${this.mac(signed)}; Max-Age=${maxAge}; ${attributes}`;
  }

  /** The `Set-Cookie` that takes it away. */
  clear(): string {
    return `${name}=; Max-Age=0; ${attributes}`;
  }

  /** The session that a `Cookie` header names. `forged` where it is none of ours. */
  read(header: string | undefined): Session | 'forged' | undefined {
    const value = header === undefined ? undefined : cookieValue(header);
    if (value === undefined || value === '') return undefined;
    const [, signed, tokenId, expiry, mac] = /^(([^.]{1,128})\.([0-9a-z]{1,11}))\.([\w-]{43})$/.exec(value) ?? [];
    if (signed === undefined || tokenId === undefined || expiry === undefined || mac === undefined) return 'forged';
    if (!timingSafeEqual(Buffer.from(mac), Buffer.from(this.mac(signed)))) return 'forged';
    return { tokenId, expiresAtMs: Number.parseInt(expiry, 36) };
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
