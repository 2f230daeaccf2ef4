import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { issueTokenCommand } from '#access';
import { beforeFirst, CommandShell, type EventLog, LogUnusable } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { type Actor, type Counting, roles, validateCommand } from '#kernel';
import { catalogueOf, contexts } from '../contexts.js';
import { logName } from '../log/open-log.js';
import type { Settings } from '../settings.js';

const system: Actor = { id: 'system', name: 'system', roles: [], via: 'system' };
const wanted = { name: 'recovery', roles, reason: 'recovery: no token of an admin was left' };
/** A token rests on no count. */
const counting = {} as Counting;

/**
 * Issues a token with every role into the log itself, for those who have no token of an admin left. Answers its secret; only its hash is
 * kept, and the timeline tells that it was issued.
 * @throws {LogUnusable} where a server works on the data folder, or there is no log
 */
export async function issueRecoveryToken(settings: Pick<Settings, 'eventLog' | 'dataDir'>): Promise<string> {
  const validated = validateCommand(issueTokenCommand, wanted);
  if (validated.errors) throw new Error(`the recovery's command is malformed: ${JSON.stringify(validated.errors)}`);
  const log = await open(settings);
  try {
    if ((await log.head()) === beforeFirst) throw new LogUnusable(nothingToRecover(settings.dataDir));
    const shell = new CommandShell({ log, catalogue: catalogueOf(contexts), counting });
    const asked = { actor: system, correlationId: randomUUID(), client: { ip: null, agent: null } };
    const answer = await shell.run(issueTokenCommand, validated.command, asked);
    if (answer.outcome !== 'done') throw new Error(`IssueToken was ${answer.outcome}`);
    return String(answer.reply['secret']);
  } finally {
    await log.close();
  }
}

async function open({ eventLog, dataDir }: Pick<Settings, 'eventLog' | 'dataDir'>): Promise<EventLog> {
  if (eventLog === 'sqlite') {
    const file = join(dataDir, logName);
    if (!existsSync(file)) throw new LogUnusable(nothingToRecover(dataDir));
    return await openSqliteLog({ file });
  }
  const { openKurrentLog } = await import('#event-log-kurrentdb');
  return await openKurrentLog({ connectionString: eventLog });
}

function nothingToRecover(dataDir: string): string {
  return `there is no event log to recover in ${dataDir}: HOMEWARD_DATA_DIR and HOMEWARD_EVENT_LOG name the log; a new one prints its first token at the first start`;
}
