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
import { kurrentCatchUp } from './benches/kurrentdb-catch-up.js';
import { kurrentHomeUser } from './benches/kurrentdb-home-user.js';
import { kurrentLeader } from './benches/kurrentdb-leader.js';
import { plan } from './benches/plan.js';
import { reads } from './benches/reads.js';
import { rebuild } from './benches/rebuild.js';
import { rebuildOnline } from './benches/rebuild-online.js';
import { start } from './benches/start.js';
import { address } from './kurrentdb.js';

/** Against the KurrentDB of `HOMEWARD_TEST_KURRENTDB`, and only where there is one. */
const onKurrentDb = address === '' ? [] : [kurrentHomeUser, kurrentCatchUp, kurrentLeader];

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
  ...onKurrentDb,
];
