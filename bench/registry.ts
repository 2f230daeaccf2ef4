import type { Bench } from './bench.js';
import { appends } from './benches/appends.js';
import { carryOver } from './benches/carry-over.js';
import { consoleScroll } from './benches/console-scroll.js';
import { consoleStart } from './benches/console-start.js';
import { diff } from './benches/diff.js';
import { duringARun } from './benches/during-a-run.js';
import { enablePolicy } from './benches/enable-policy.js';
import { homeUser } from './benches/home-user.js';
import { importOfUsers } from './benches/import.js';
import { plan } from './benches/plan.js';
import { reads } from './benches/reads.js';
import { rebuild } from './benches/rebuild.js';
import { rebuildOnline } from './benches/rebuild-online.js';
import { start } from './benches/start.js';

/** In the order in which they run. */
export const benches: readonly Bench[] = [
  homeUser,
  appends,
  importOfUsers,
  carryOver,
  plan,
  duringARun,
  rebuild,
  rebuildOnline,
  reads,
  diff,
  enablePolicy,
  start,
  consoleStart,
  consoleScroll,
];
