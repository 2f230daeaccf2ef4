import { parseArgs } from 'node:util';
import { LogMisuse, LogUnavailable, LogUnusable } from '#event-log';
import { CannotMigrate } from './cannot-migrate.js';
import { openSource, openTarget, placeOf } from './ends.js';
import { migrate, type Migrated } from './migrate.js';

const exitCodes = { fine: 0, unexpected: 1, asked: 2 } as const;
const usage =
  'name both logs: npm run migrate-log -- --from sqlite:<data folder> --to kurrentdb://…, or the other way round';
const tellEveryMs = 1000;

/** Copies one log into another; answers the exit code. The result goes to stdout, all else to stderr. */
export async function run(args: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stopping.abort(new CannotMigrate(`ended by ${signal}; run it again to go on`)));
  try {
    process.umask(0o077);
    const { events, found, sha256 } = await migrateAsAsked(args, stopping.signal);
    const before = found > 0 ? `, ${found} of them were there already` : '';
    process.stdout.write(`migrated ${events} events${before}; both logs have the SHA-256 ${sha256}\n`);
    return exitCodes.fine;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    const expected = [CannotMigrate, LogUnusable, LogUnavailable, LogMisuse].some((kind) => error instanceof kind);
    return expected ? exitCodes.asked : exitCodes.unexpected;
  }
}

async function migrateAsAsked(args: readonly string[], signal: AbortSignal): Promise<Migrated> {
  const { from, to } = optionsIn(args);
  const [fromPlace, toPlace] = [placeOf('--from', from), placeOf('--to', to)];
  if (from === to) throw new CannotMigrate('--from and --to name the same log; name two');
  await using opened = new AsyncDisposableStack();
  const source = await openSource(fromPlace);
  opened.defer(() => source.close());
  const target = await openTarget(toPlace);
  opened.defer(() => target.close());
  return await migrate({ source, target, signal, tell: teller() });
}

function optionsIn(args: readonly string[]): { readonly from: string; readonly to: string } {
  try {
    const { values } = parseArgs({ args: [...args], options: { from: { type: 'string' }, to: { type: 'string' } } });
    if (values.from && values.to) return { from: values.from, to: values.to };
  } catch (error) {
    throw new CannotMigrate(usage, { cause: error });
  }
  throw new CannotMigrate(usage);
}

/** Says what is being done at most once a second. */
function teller(): (progress: string) => void {
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (now - last < tellEveryMs) return;
    last = now;
    process.stderr.write(`migrate-log: ${progress}\n`);
  };
}
