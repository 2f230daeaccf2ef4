import { Accepted, BaseCommand, defineCommand, Is, type Role, write } from '#kernel';
import { issueToken, tokenStream } from './token.js';

export class IssueToken extends BaseCommand {
  @Is.Name('who or what will use it')
  readonly name!: string;

  @Is.Roles('what it may do; roles add up')
  readonly roles!: readonly Role[];

  @Is.Instant('when it expires, at once where that is past; never where absent', { optional: true })
  readonly expiresAt?: string;
}

/** Marks a text as a secret of this product for scanners that look for leaked ones. */
const secretPrefix = 'hw_';

export const issueTokenCommand = defineCommand(IssueToken, {
  summary: 'Issue a token; its secret is in this answer only',
  role: 'admin',
  example: { name: 'Tacoma pilot team', roles: ['operator', 'approver'] },
  subjects: () => [],
  notInFiles: "a token's secret is in the answer to its own command only; send them one by one",
  handle: (command, tx) => {
    const secret = secretPrefix + tx.newSecret();
    const issued = issueToken(command, secret);
    const { token } = issued.data;
    return new Accepted([write(tokenStream(token), issued)], { kept: { token }, once: { secret } });
  },
});
