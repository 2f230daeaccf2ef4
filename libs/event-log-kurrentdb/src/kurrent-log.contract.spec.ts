import { describeEventLog } from '../../event-log/src/contract/describe-event-log.js';
import { openKurrentLog } from './kurrent-log.js';

const connectionString = process.env['HOMEWARD_TEST_KURRENTDB'];

if (connectionString)
  describeEventLog('KurrentDB', async () => {
    let log = await openKurrentLog({ connectionString });
    return {
      log,
      reopen: async () => {
        await log.close();
        log = await openKurrentLog({ connectionString });
        return log;
      },
      close: () => log.close(),
    };
  });
