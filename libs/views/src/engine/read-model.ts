import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeFirst, type EventLogReader } from '#event-log';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import type { Failure } from './messages.js';

/** An event as a batch carries it: read through the upcasters, or why that was not possible. */
export interface BatchEvent extends ProjectedEvent {
  readonly unreadable?: Error;
}

/** Where a read model stands in the log. The event before it and the event's id tell whether it is still the same log. */
interface Checkpoint {
  readonly position: number;
  readonly before: number;
  readonly eventId: string;
  readonly events: number;
  /** ms since 1970 */
  readonly recordedAt: number;
}

const start: Checkpoint = {
  position: Number(beforeFirst),
  before: Number(beforeFirst),
  eventId: '',
  events: 0,
  recordedAt: 0,
};

// A projection that had nothing to do writes its checkpoint now and then, so that a restart has little to read again.
const eventsUnsavedMax = 5000;
const pageCacheKibibytes = 8_000;
const walPagesMax = 4000;

const checkpointSchema = `create table if not exists checkpoint (
  id integer primary key check (id = 1), position integer not null, before integer not null,
  event_id text not null, events integer not null, recorded_at integer not null)`;

/** One projection's file with its only writer. A throw of the projection stops it, and only it: see `failure`. */
export class ReadModel {
  failure: Failure | undefined;
  private saved: Checkpoint;
  private seen: Checkpoint;
  private writer: ProjectionWriter;
  private readonly types: ReadonlySet<string> | undefined;

  private constructor(
    readonly projection: Projection,
    readonly file: string,
    private db: Database.Database,
  ) {
    this.types = projection.types && new Set(projection.types);
    this.saved = this.seen = readCheckpoint(db);
    this.writer = projection.open(db);
  }

  /** Opens or makes the projection's file. One that is unreadable, or was made from another log, is made anew. */
  static async open(projection: Projection, folder: string, log: EventLogReader): Promise<ReadModel> {
    const file = join(folder, fileName(projection.name, projection.version));
    let db = openFile(projection, file);
    if (!(await sameLog(readCheckpoint(db), log))) {
      db.close();
      removeFile(file);
      db = openFile(projection, file);
    }
    return new ReadModel(projection, file, db);
  }

  get position(): bigint {
    return BigInt(this.seen.position);
  }

  get events(): number {
    return this.seen.events;
  }

  get recordedAt(): number {
    return this.seen.recordedAt;
  }

  /** Takes consecutive events of the log; those it has seen are passed over. */
  take(batch: readonly BatchEvent[]): void {
    if (this.failure) return;
    const from = batch.findIndex(({ position }) => position > this.seen.position);
    if (from < 0) return;
    const unseen = from === 0 ? batch : batch.slice(from);
    const { types } = this;
    const relevant = types ? unseen.filter(({ event }) => types.has(event.type)) : unseen;
    const end = this.after(unseen);
    if (relevant.length === 0) return this.pass(end);
    try {
      this.commit(relevant, end);
    } catch {
      // Event by event the good ones before the bad one land, and the bad one is known by name.
      this.reopen();
      this.takeOneByOne(unseen, relevant);
    }
  }

  /** Lets a failed projection try again from where it stopped. */
  retry(): void {
    this.failure = undefined;
    this.reopen();
  }

  close(): void {
    if (this.seen.position > this.saved.position) this.commit([], this.seen);
    this.db.close();
  }

  /** Removes what other versions of this projection have left behind. */
  async removeOtherVersions(folder: string): Promise<void> {
    const own = fileName(this.projection.name, this.projection.version);
    const pattern = new RegExp(`^views-${this.projection.name}-v\\d+\\.db`);
    for (const name of await readdir(folder))
      if (pattern.test(name) && !name.startsWith(own)) await rm(join(folder, name), { force: true });
  }

  private takeOneByOne(unseen: readonly BatchEvent[], relevant: readonly BatchEvent[]): void {
    const wanted = new Set(relevant);
    for (const each of unseen) {
      const end = this.after([each]);
      if (!wanted.has(each)) this.seen = end;
      else
        try {
          this.commit([each], end);
        } catch (error) {
          this.failure = { position: BigInt(each.position), type: each.event.type, error: errorText(error) };
          return;
        }
    }
  }

  private commit(events: readonly BatchEvent[], end: Checkpoint): void {
    this.db.exec('begin immediate');
    try {
      const unreadable = this.projection.readsData === false ? undefined : events.find((each) => each.unreadable);
      if (unreadable) throw unreadable.unreadable;
      if (events.length > 0) this.writer.apply(events);
      writeCheckpoint(this.db, end);
      this.db.exec('commit');
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('rollback');
      throw error;
    }
    this.saved = this.seen = end;
  }

  private pass(end: Checkpoint): void {
    if (end.events - this.saved.events >= eventsUnsavedMax) this.commit([], end);
    else this.seen = end;
  }

  /** What the writer remembered of a batch that was rolled back must not live on. */
  private reopen(): void {
    this.db.close();
    this.db = openFile(this.projection, this.file);
    const { position } = this.seen;
    this.saved = readCheckpoint(this.db);
    if (this.saved.position > position) this.seen = this.saved;
    this.writer = this.projection.open(this.db);
  }

  /** Where it stands once it has taken these, the next events of the log. */
  private after(events: readonly BatchEvent[]): Checkpoint {
    const last = events.at(-1);
    if (!last) return this.seen;
    return {
      position: last.position,
      before: events.at(-2)?.position ?? this.seen.position,
      eventId: last.event.id,
      events: this.seen.events + events.length,
      recordedAt: Date.parse(last.event.recordedAt),
    };
  }
}

export function fileName(projection: string, version: number): string {
  return `views-${projection}-v${version}.db`;
}

function openFile(projection: Projection, file: string): Database.Database {
  try {
    return connect(projection, file);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !/^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(error.code)) throw error;
    // Whatever it held can be made again from the log.
    removeFile(file);
    return connect(projection, file);
  }
}

function connect(projection: Projection, file: string): Database.Database {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = wal');
    // Survives a kill; after a power cut the last batches are projected again.
    db.pragma('synchronous = normal');
    db.pragma(`cache_size = -${pageCacheKibibytes}`);
    db.pragma(`wal_autocheckpoint = ${walPagesMax}`);
    db.pragma('temp_store = memory');
    db.exec('begin immediate');
    db.exec(checkpointSchema);
    db.exec(projection.schema);
    db.exec('commit');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function removeFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

function readCheckpoint(db: Database.Database): Checkpoint {
  const row = db
    .prepare('select position, before, event_id as eventId, events, recorded_at as recordedAt from checkpoint')
    .get() as Checkpoint | undefined;
  return row ?? start;
}

function writeCheckpoint(db: Database.Database, { position, before, eventId, events, recordedAt }: Checkpoint): void {
  db.prepare('insert or replace into checkpoint values (1, ?, ?, ?, ?, ?)').run(
    position,
    before,
    eventId,
    events,
    recordedAt,
  );
}

/** Whether the log still has the event that the read model saw last, right after the one that it saw before. */
async function sameLog({ position, before, eventId }: Checkpoint, log: EventLogReader): Promise<boolean> {
  if (position === start.position) return true;
  for await (const [first] of log.readAll(BigInt(before)))
    return first?.position === BigInt(position) && first.id === eventId;
  return false;
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
