import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import Database from 'better-sqlite3';
import { type Check, commandMeta, type NewRecord, storedText } from '#event-log';
import { openSqliteLog } from '#event-log-sqlite';
import { type Actor, canonicalJson } from '#kernel';
import type { Bench, Figure } from '../bench.js';
import { inFolder } from '../in-folder.js';
import { inTurn } from '../rounds.js';

const users = 20_000;
const inFlight = 32;
const perTransaction = 100;
const rounds = 7;

const operator: Actor = { id: 'tok-7f3a', name: 'Night shift', roles: ['operator'], via: 'api' };

interface Append {
  readonly record: NewRecord;
  readonly check: Check;
}

/** The table and index of the engine, so that the limit writes the very same rows. */
const bareSchema = `
  create table events (position integer primary key, stream text not null, revision integer not null, crc integer not null, event text not null) strict;
  create unique index events_by_stream on events (stream, revision);
`;

export const appends: Bench = {
  name: 'appends',
  what: `appends of one event through the port, ${inFlight} in flight, against bare SQLite inserting the same rows ${perTransaction} a transaction`,
  run: async () => {
    const work = enrolledAndHomed();
    const rows = work.map(({ record, check }) => rowOf(record, check));
    const against = async (events: number, bar: number, what?: string): Promise<Figure> => ({
      ...(what !== undefined && { what }),
      unit: 'events/s',
      limitName: `bare SQLite, ${events} a transaction`,
      bar,
      higherIsBetter: true,
      ...(await inTurn(
        rounds,
        () => inFolder((folder) => throughThePort(join(folder, 'events.db'), work)),
        () => inFolder((folder) => bare(join(folder, 'bare.db'), rows, events)),
      )),
    });
    // Of 32 that wait for their answers no more than 32 can share a transaction: the second figure says what that alone costs.
    return [await against(perTransaction, 0.5), await against(inFlight, 0.6, 'as many a transaction')];
  },
};

/** Two events a user: enrolled on a stream that must not exist, then homed at its exact revision. */
function enrolledAndHomed(): readonly Append[] {
  const names = Array.from({ length: users }, (_, n) => `sip:user${n.toString(36)}.${(n * 7919) % users}@contoso.com`);
  return [
    ...names.map((user, n) =>
      appendOf(
        user,
        'UserEnrolled',
        { user, displayName: `User Number ${n}`, guid: randomUUID(), pool: null },
        'no-stream',
      ),
    ),
    ...names.map((user) =>
      appendOf(user, 'UserHomed', { user, pool: { from: 'ocs01.contoso.com', to: 'pool13.contoso.com' } }, 0n),
    ),
  ];
}

function appendOf(user: string, type: string, data: object, expect: Check['expect']): Append {
  const context = { actor: operator, correlationId: randomUUID(), client: { ip: '10.1.2.3', agent: 'curl/8.5.0' } };
  const meta = commandMeta('HomeUser', { ticket: 'CHG0041733' }, context, randomUUID());
  const stream = `user-${user}`;
  return {
    record: { stream, id: randomUUID(), type, schemaVersion: 1, data: canonicalJson(data), meta },
    check: { stream, expect },
  };
}

type BareRow = readonly [stream: string, revision: number, crc: number, event: string];

function rowOf(record: NewRecord, { expect }: Check): BareRow {
  const revision = typeof expect === 'bigint' ? expect + 1n : 0n;
  const text = storedText(record, revision, '2026-11-20T09:30:00.000Z');
  return [record.stream, Number(revision), crc32(text), text];
}

/** Events a second. */
async function throughThePort(file: string, work: readonly Append[]): Promise<number> {
  const log = await openSqliteLog({ file });
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let item = work[next++]; item; item = work[next++]) {
      const { conflicts } = await log.append([item.record], [item.check]);
      if (conflicts) throw new Error(`conflict on ${item.record.stream}`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, sender));
  const seconds = (performance.now() - started) / 1000;
  await log.close();
  return work.length / seconds;
}

/** Events a second. */
function bare(file: string, rows: readonly BareRow[], atOnce: number): Promise<number> {
  const db = new Database(file);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.exec(bareSchema);
  const insert = db.prepare('insert into events (position, stream, revision, crc, event) values (?, ?, ?, ?, ?)');
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const started = performance.now();
  for (let from = 0; from < rows.length; from += atOnce) {
    begin.run();
    for (const [index, row] of rows.slice(from, from + atOnce).entries()) insert.run(from + index + 1, ...row);
    commit.run();
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return Promise.resolve(rows.length / seconds);
}
