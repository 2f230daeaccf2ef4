import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Appended, type EventLogReader, type NewRecord, type RecordedEvent, beforeFirst } from '#event-log';
import { openSqliteLog, type SqliteLog, type SqliteLogOptions } from '../src/sqlite-log.js';

/** A folder for each test of the block, and logs in it that are closed after the test. */
export function freshFolder(): {
  file(name?: string): string;
  open(options?: Partial<SqliteLogOptions>): Promise<SqliteLog>;
} {
  let folder = '';
  const opened: SqliteLog[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeward-log-'));
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    await rm(folder, { recursive: true });
  });
  const file = (name = 'events.db'): string => join(folder, name);
  return {
    file,
    open: async (options) => {
      const log = await openSqliteLog({ file: file(), ...options });
      opened.push(log);
      return log;
    },
  };
}

export function recordFor(stream: string, data: object = {}): NewRecord {
  return { stream, id: randomUUID(), type: 'UserHomed', schemaVersion: 1, data: JSON.stringify(data), meta: '{}' };
}

/** Appends one event to a new stream. */
export async function appendNew(log: SqliteLog, data: object = {}, stream = `user-${randomUUID()}`): Promise<Appended> {
  const answer = await log.append([recordFor(stream, data)], [{ stream, expect: 'no-stream' }]);
  if (answer.conflicts) throw new Error(`${stream} exists`);
  return answer;
}

export async function everything(log: EventLogReader): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.readAll(beforeFirst)) events.push(...page);
  return events;
}

export type Program = ChildProcess & { readonly lines: string[] };

/** Starts a program of this folder on the sources. */
export function start(program: string, ...args: string[]): Program {
  return listened(process.execPath, ['--import', here('typescript.mjs'), here(program), ...args]);
}

/** The same in a process whose files can't grow beyond this size: writes fail, at the commit too. */
export function startLimited(fileBytesMax: number, program: string, ...args: string[]): Program {
  const limited = `ulimit -f ${fileBytesMax >> 9} && exec "$0" "$@"`;
  const node = [process.execPath, '--import', here('typescript.mjs'), here(program), ...args];
  return listened('sh', ['-c', limited, ...node]);
}

function here(name: string): string {
  return join(__dirname, name);
}

function listened(command: string, args: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return Object.assign(child, { lines });
}

/** When it has printed so many lines. */
export async function printed(child: Program, count: number): Promise<void> {
  await until(child, () => child.lines.length >= count);
}

/** When what it has printed is enough. */
export async function until(child: Program, isEnough: () => boolean): Promise<void> {
  while (!isEnough()) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} after ${child.lines.length} lines`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  }
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
