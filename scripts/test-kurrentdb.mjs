// `npm run test:kurrentdb`: what needs a real KurrentDB, against the one of HOMEWARD_TEST_KURRENTDB.
import { spawnSync } from 'node:child_process';

if (!process.env.HOMEWARD_TEST_KURRENTDB) {
  process.stderr.write(
    'npm run test:kurrentdb needs a KurrentDB 26 or later that is empty and may be filled with tests: set HOMEWARD_TEST_KURRENTDB to its address, such as kurrentdb://127.0.0.1:2113?tls=false\n',
  );
  process.exit(2);
}

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--runInBand'];
let failed = false;
// The servers come first: the contract suite leaves events that no view can make sense of. Whatever they end with, the rest is run as well.
for (const specs of [['test/kurrentdb', 'test/migrate-log'], ['libs/event-log-kurrentdb']]) {
  const { status } = spawnSync(process.execPath, [...jest, ...specs], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
