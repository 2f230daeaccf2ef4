import { describeAppends } from './appends.js';
import { describeChecks } from './checks.js';
import type { OpenLog } from './given.js';
import { describeReads } from './reads.js';
import { describeRestart } from './restart.js';
import { describeRoundTrip } from './round-trip.js';
import { describeSubscriptions } from './subscriptions.js';

export type { OpenedLog, OpenLog } from './given.js';

/**
 * What every engine must pass. It takes nothing for granted that only one of them can do: positions need not be dense, an event
 * may be read a moment after its append was answered, and the log may hold what others wrote.
 */
export function describeEventLog(name: string, open: OpenLog): void {
  describe(`${name} keeps the contract of the event log`, () => {
    describeAppends(open);
    describeChecks(open);
    describeRoundTrip(open);
    describeReads(open);
    describeSubscriptions(open);
    describeRestart(open);
  });
}
