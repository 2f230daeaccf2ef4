import { mkdtempSync, rmSync } from 'node:fs';
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

test('a token with every role is in the log, told with its reason, and its secret is not', async () => {
  const secret = await issueRecoveryToken({ eventLog: 'sqlite', dataDir });
  const log = await openSqliteLog({ file: join(dataDir, 'events.db') });
  try {
    for await (const [event] of log.readAll(-1n)) {
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
