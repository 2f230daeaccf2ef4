import { BaseCommand, defineCommand, Is, outcome, type Parsed, parseName, subject } from '#kernel';
import { tokenIdOf } from './secret.js';
import { revokeToken, tokenStream } from './token.js';

/** No secret is shorter; no id is as long. */
const secretLengthMin = 32;

/** A token's id. A secret in its place becomes the id of its token: it must reach no event, not even a refusal's. */
function parseToken(input: unknown): Parsed<string> {
  const text = parseName(input);
  if (text.problem !== undefined) return text;
  return { value: text.value.length < secretLengthMin ? text.value.toLowerCase() : tokenIdOf(String(input)) };
}

export class RevokeToken extends BaseCommand {
  @Is.Of({ schema: { type: 'string', minLength: 1, maxLength: 256 }, parse: parseToken }, 'id of the token')
  readonly token!: string;
}

export const revokeTokenCommand = defineCommand(RevokeToken, {
  summary: 'Revoke a token',
  role: 'admin',
  example: { token: '0123456789abcdef0123' },
  subjects: ({ token }) => [subject.token(token)],
  handle: async ({ token }, tx) => {
    const stream = tokenStream(token);
    return outcome(stream, revokeToken(await tx.load(stream), token));
  },
});
