import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventsIn } from './fixtures/kept-folder.js';
import { history } from './fixtures/history.js';
import { imported } from './fixtures/imported.js';

// `node dist/bench/sizes.js`: what an event takes on the disk, in the log and in each read model (docs/sizing.md).

const events = 100_000;
const users = 15_000;

for (const [what, folder] of [
  [`single commands (${events} events)`, await history(events)],
  [`an import of ${users} users`, await imported(users)],
] as const)
  tell(what, folder, await eventsIn(folder));

function tell(what: string, folder: string, count: number): void {
  const bytes = new Map<string, number>();
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.db')))
    bytes.set(name, statSync(join(folder, name)).size);
  const log = bytes.get('events.db') ?? 0;
  bytes.delete('events.db');
  console.log(`${what}, ${count} events`);
  console.log(`  ${'log'.padEnd(24)} ${perEvent(log, count)}`);
  for (const [name, size] of bytes) console.log(`  ${name.padEnd(24)} ${perEvent(size, count)}`);
  console.log(
    `  ${'all views'.padEnd(24)} ${perEvent(
      Array.from(bytes.values()).reduce((a, b) => a + b, 0),
      count,
    )}`,
  );
}

function perEvent(size: number, count: number): string {
  return `${Math.round(size / count)} bytes/event`;
}
