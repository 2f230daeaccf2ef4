import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventLog } from '../../event-log/src/contract/describe-event-log.js';
import { openSqliteLog } from './sqlite-log.js';

describeEventLog('the embedded log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'homeward-log-'));
  const open = { file: join(folder, 'events.db') };
  let log = await openSqliteLog(open);
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await openSqliteLog(open);
      return log;
    },
    close: async () => {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
});
