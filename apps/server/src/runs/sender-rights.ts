import { standingOf, tokenStream } from '#access';
import type { Actor, Transaction } from '#kernel';

/** Why whoever sent rows may act no more: what a token was used for does not go on in its name once it has ended. Undefined while they may. */
export async function endedRights(tx: Transaction, { id, name }: Actor): Promise<string | undefined> {
  const standing = standingOf(await tx.load(tokenStream(id)), tx.now);
  if (standing === 'ok') return undefined;
  const ended = { revoked: 'is revoked', expired: 'has expired', unknown: 'is not known' }[standing];
  return `because the token ${id} of ${name} ${ended}; whoever may send its rows can resume it and acts for the rest`;
}
