import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnusable } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { roles } from '#kernel';
import { issueRecoveryToken } from './issue-token.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'homeward-recovery-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** A log that somebody has worked with. */
async function used(): Promise<void> {
  const log = await openSqliteLog({ file: join(dataDir, 'events.db') });
  const record = { id: randomUUID(), type: 'SiteRegistered', schemaVersion: 1, data: '{"site":"Redmond"}', meta: '{}' };
  await log.append([{ ...record, stream: 'site-redmond' }], [{ stream: 'site-redmond', expect: 'no-stream' }]);
  await log.close();
}

test('a folder without a log, or with an empty one, is not given one', async () => {
  await expect(issueRecoveryToken({ eventLog: 'sqlite', dataDir })).rejects.toThrow(/no event log to recover/);
  expect(readdirSync(dataDir)).toEqual([]);
  await (await openSqliteLog({ file: join(dataDir, 'events.db') })).close();
  await expect(issueRecoveryToken({ eventLog: 'sqlite', dataDir })).rejects.toThrow(/no event log to recover/);
});

test('a token with every role is in the log, told with its reason, and its secret is not', async () => {
  await used();
  const secret = await issueRecoveryToken({ eventLog: 'sqlite', dataDir });
  const log = await openSqliteLog({ file: join(dataDir, 'events.db') });
  try {
    for await (const [, event] of log.readAll(-1n)) {
      expect(event).toMatchObject({
        type: 'TokenIssued',
        data: { roles },
        meta: { reason: expect.stringMatching(/^recovery/) },
      });
      expect(event?.text).not.toContain(secret);
    }
  } finally {
    await log.close();
  }
});

test('a folder on which a server works is left alone', async () => {
  const log = await openSqliteLog({ file: join(dataDir, 'events.db') });
  try {
    await expect(issueRecoveryToken({ eventLog: 'sqlite', dataDir })).rejects.toThrow(LogUnusable);
  } finally {
    await log.close();
  }
});
