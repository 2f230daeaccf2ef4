/** Appends as fast as it can, 8 at a time, and tells what was acknowledged: `<stream> <position>` a line. */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openSqliteLog } from '#event-log-sqlite';

const log = await openSqliteLog({ file: process.argv[2] });
const record = (stream) => ({
  stream,
  id: randomUUID(),
  type: 'UserHomed',
  schemaVersion: 1,
  data: '{"n":1}',
  meta: '{}',
});

async function appendForever() {
  for (;;) {
    const [user, pool] = [`user-${randomUUID()}`, `pool-${randomUUID()}`];
    const checks = [user, pool].map((stream) => ({ stream, expect: 'no-stream' }));
    try {
      const { positions } = await log.append([record(user), record(pool)], checks);
      writeSync(1, `${user} ${positions[0]}\n${pool} ${positions[1]}\n`);
    } catch (error) {
      writeSync(1, `failed ${error.name}: ${error.message}\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: 8 }, appendForever));
