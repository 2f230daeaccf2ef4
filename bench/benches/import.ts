import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { grantedEvery, writeUsersFile } from '../fixtures/users-file.js';
import { memoryPeak } from '../memory.js';
import { startServer } from '../server.js';
import { importUsers, prepareEstate } from '../user-import.js';

const users = 150_000;
/** Each user is enrolled and homed, a tenth are granted a policy. */
const events = users * 2 + users / grantedEvery;

export const importOfUsers: Bench = {
  name: 'import',
  what: `a Get-CsUser file of ${users} users through HTTP, each enrolled and homed, every ${grantedEvery}th granted, until every view shows them`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      const file = join(folder, 'users.csv');
      await writeUsersFile(file, users);
      const megabytes = Math.round((await stat(file)).size / 2 ** 20);
      await using server = await startServer(join(folder, 'data'));
      await prepareEstate(server);
      const started = performance.now();
      await importUsers(server, file, users);
      const seconds = (performance.now() - started) / 1000;
      return [
        {
          what: `${megabytes} MiB in ${seconds.toFixed(1)} s`,
          unit: 'events/s',
          limitName: 'the bar',
          figure: events / seconds,
          limit: 15_000,
          ratio: events / seconds / 15_000,
          bar: 1,
          higherIsBetter: true,
        },
        await memoryPeak(server, 400),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
