import { LogUnavailable, LogUnusable } from '#event-log';
import { readSettings, WrongSetting } from '../settings.js';
import { issueRecoveryToken } from './issue-token.js';

try {
  const secret = await issueRecoveryToken(readSettings(process.env));
  process.stdout.write(`${secret}\n`);
} catch (error) {
  const expected = error instanceof WrongSetting || error instanceof LogUnusable || error instanceof LogUnavailable;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = expected ? 2 : 1;
}
