import { describeEventLog } from '../../event-log/src/contract/describe-event-log.js';
import { openKurrentLog } from './kurrent-log.js';

/** A server for tests: `kurrentdb://…?tls=false`. Without one everything here counts as skipped. */
const connectionString = process.env['HOMEWARD_TEST_KURRENTDB'] ?? '';

(connectionString ? describe : describe.skip)('the server of HOMEWARD_TEST_KURRENTDB', () => {
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
});
