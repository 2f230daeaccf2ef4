import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ScriptedServer } from '../libs/event-log-kurrentdb/test/scripted-server.js';
import { TestServer } from './server.js';

let folder: string;
let kurrent: ScriptedServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'homeward-start-'));
  kurrent = await ScriptedServer.start();
});
afterEach(() => {
  kurrent.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withPassword = (address: string): string => address.replace('://', '://homeward:secret@');
const start = (): Promise<{ code: number | null; output: string }> =>
  TestServer.run(folder, { HOMEWARD_EVENT_LOG: withPassword(kurrent.connectionString) });

/** One line for a person, that says nothing of the password. */
function expectOneLine({ code, output }: Awaited<ReturnType<typeof start>>, line: RegExp): void {
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^[^\n]{20,300}\n$/) });
  expect(output).toMatch(line);
  expect(output).not.toContain('secret');
}

test('the tests on KurrentDB say what they need, and do nothing without it', () => {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('scripts/test-kurrentdb.mjs')], {
    env: { PATH },
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /^npm run test:kurrentdb needs a KurrentDB 26 or later .+ set HOMEWARD_TEST_KURRENTDB to .+\n$/,
  );
});

describe('a start on KurrentDB', () => {
  test('that is too old says which version is needed, and ends with 2', async () => {
    kurrent.isOld = true;
    expectOneLine(await start(), /too old .*26\.1/);
  });

  test('that nobody runs says where it was looked for, and ends with 2', async () => {
    kurrent.stop();
    expectOneLine(await start(), /^no KurrentDB answers at 127\.0\.0\.1:\d+ \(/);
  });

  test('that takes connections and says nothing does not hang', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    try {
      const started = TestServer.run(folder, {
        HOMEWARD_EVENT_LOG: withPassword(`kurrentdb://127.0.0.1:${port}?tls=false`),
      });
      expectOneLine(await started, new RegExp(`^no KurrentDB answers at 127\\.0\\.0\\.1:${port} \\(`));
    } finally {
      silent.close();
    }
  }, 60_000);

  test('that falls silent before the first token is on record ends with one line, and not with 0', async () => {
    for (let call = 0; call < 100; call++) kurrent.appends.push('silence');
    const { code, output } = await start();
    const told = output
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect({ code, told }).toEqual({ code: 1, told: [expect.stringMatching(/^outcome unknown: KurrentDB at /)] });
    expect(output).not.toContain('secret');
  }, 60_000);

  test('that is stopped while it puts the first token on record shows that token, and ends with 0', async () => {
    kurrent.appends.push(...Array.from({ length: 5 }, () => 'not written, answer lost' as const));
    const settings = { HOMEWARD_EVENT_LOG: withPassword(kurrent.connectionString), HOMEWARD_FIRST_TOKEN: '' };
    const { code, output } = await TestServer.run(folder, settings, { stopWhen: () => kurrent.appendCalls > 0 });
    const told = output.split('\n').filter((line) => /^ {2}hw_\S+$/.test(line));
    expect({ code, told }).toEqual({ code: 0, told: [expect.any(String)] });
  }, 60_000);
});
