import { anyCommand, type Context } from '#kernel';
import { denialEvents } from './denial.js';
import { issueTokenCommand } from './issue-token.js';
import { revokeTokenCommand } from './revoke-token.js';
import { tokenEvents } from './token.js';

export { type CommandDenied, denialStream, type SignInRefused } from './denial.js';
export { issueTokenCommand } from './issue-token.js';
export { tokenIdOf } from './secret.js';
export { authenticates, firstToken, standingOf, tokenStream } from './token.js';
export type { Token, TokenIssued, TokenRevoked, TokenStanding } from './token.js';

export const access: Context = {
  commands: [anyCommand(issueTokenCommand), anyCommand(revokeTokenCommand)],
  events: { ...tokenEvents, ...denialEvents },
};
