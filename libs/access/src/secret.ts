import { createHash, timingSafeEqual } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const tokenIdLength = 20;

/** The id of the token that a secret belongs to, so that a presented secret finds its stream. Tells nothing of the secret. */
export function tokenIdOf(secret: string): string {
  return sha256(`homeward-token-id:${secret}`).slice(0, tokenIdLength);
}

/** What is kept of a secret. Secrets are random (256 bits, or set by an operator with 32 characters at least): no salt, no stretching. */
export function hashOf(secret: string): string {
  return sha256(`homeward-token:${secret}`);
}

/** In constant time. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const [kept, presented] = [Buffer.from(secretHash, 'hex'), Buffer.from(hashOf(secret), 'hex')];
  return kept.length === presented.length && timingSafeEqual(kept, presented);
}
