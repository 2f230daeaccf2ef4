import { BaseCommand, defineCommand, Is, outcome, type Parsed, parseName, subject, textMax } from '#kernel';
import { tokenIdOf } from './secret.js';
import { revokeToken, tokenStream } from './token.js';

/** No secret is shorter; no id is as long. */
const secretLengthMin = 32;

/** A token's id. A secret in its place becomes the id of its token: it must reach no event, not even a refusal's. */
function parseToken(input: unknown): Parsed<string> {
  const text = parseName(input, textMax);
  if (text.problem !== undefined) return text;
  return { value: text.value.length < secretLengthMin ? text.value.toLowerCase() : tokenIdOf(String(input)) };
}

export class RevokeToken extends BaseCommand {
  @Is.Of(
    { schema: { type: 'string', minLength: 1, maxLength: textMax }, parse: parseToken },
    'id of the token, as IssueToken answers it and /api/tokens lists it',
  )
  readonly token!: string;
}

export const revokeTokenCommand = defineCommand(RevokeToken, {
  summary: 'Revoke a token; put one of yours in the place of the example, which is unknown',
  role: 'admin',
  example: { token: '0123456789abcdef0123' },
  subjects: ({ token }) => [subject.token(token)],
  handle: async ({ token }, tx) => {
    const stream = tokenStream(token);
    return outcome(stream, revokeToken(await tx.load(stream), token));
  },
});
