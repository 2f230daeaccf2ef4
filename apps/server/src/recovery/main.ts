import { LogUnavailable, LogUnusable } from '#event-log';
import { readSettings, WrongSetting } from '../settings.js';
import { issueRecoveryToken } from './issue-token.js';

process.umask(0o077);

try {
  if (process.argv.length > 2)
    throw new WrongSetting('npm run recover takes no arguments; HOMEWARD_DATA_DIR names the folder');
  const secret = await issueRecoveryToken(readSettings(process.env));
  process.stdout.write(`${secret}\n`);
} catch (error) {
  const expected = error instanceof WrongSetting || error instanceof LogUnusable || error instanceof LogUnavailable;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = expected ? 2 : 1;
}
