import type { Bench } from './bench.js';
import { appends } from './benches/appends.js';

/** In the order in which they run. */
export const benches: readonly Bench[] = [appends];
