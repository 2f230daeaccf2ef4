import type Database from 'better-sqlite3';
import type { EventLogReader } from '#event-log';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import type { Failure, RebuildOrder } from './messages.js';
import {
  type Checkpoint,
  connect,
  dropOrder,
  isNewer,
  isOfLog,
  type ModelFile,
  modelFile,
  isEmpty,
  modelFilesIn,
  openIfReadable,
  readCheckpoint,
  readOrder,
  removeFile,
  writeCheckpoint,
  writeOrder,
} from './model-file.js';

/** An event as a batch carries it: read through the upcasters, or why that was not possible. */
export interface BatchEvent extends ProjectedEvent {
  readonly unreadable?: Error;
}

// A projection that had nothing to do writes its checkpoint now and then, so that a restart has little to read again.
const eventsUnsavedMax = 5000;

/** A part of the log, from its beginning. */
export interface Extent {
  readonly position: number;
  readonly events: number;
  readonly recordedAt: number;
}

/** One projection's file with its only writer. A throw of the projection stops it, and only it: see `failure`. */
export class ReadModel {
  failure: Failure | undefined;
  private saved: Checkpoint;
  private seen: Checkpoint;
  /** Where it stood when the open transaction began; undefined where none is open. */
  private begun: Checkpoint | undefined;
  /** The last event of it that the projection wanted. */
  private lastWanted: Failed | undefined;
  /** Up to here each event has a transaction of its own: one of them could not be taken along with others. */
  private oneByOneTo = -1;
  private writer: ProjectionWriter;
  private readonly types: ReadonlySet<string> | undefined;

  private constructor(
    readonly projection: Projection,
    readonly file: ModelFile,
    private db: Database.Database,
  ) {
    this.types = projection.types && new Set(projection.types);
    this.saved = this.seen = readCheckpoint(db);
    this.writer = projection.open(db);
  }

  /**
   * The file that serves: the newest of today's version, or of one with the same tables, that is not being filled. Where there is none, one
   * that is, or a new one. A file that is unreadable, or was made from another log, is removed.
   */
  static async open(projection: Projection, folder: string, log: EventLogReader): Promise<ReadModel> {
    const { version, sameTablesSince = version } = projection;
    const unfinished: ModelFile[] = [];
    for (const file of modelFilesIn(folder, projection.name)) {
      if (file.version > version || file.version < sameTablesSince) continue;
      const db = await openIfOfLog(projection, file, log);
      // A kill may have left a file in which there is nothing yet, not even what it was made for.
      if (db && !readOrder(db) && !isEmpty(db)) return new ReadModel(projection, file, db);
      db?.close();
      if (db && file.version === version) unfinished.push(file);
    }
    const file = unfinished[0] ?? modelFile(folder, projection.name, version, 0);
    const db = connect(projection, file.path);
    dropOrder(db);
    return new ReadModel(projection, file, db);
  }

  /** A file that is filled beside the one that serves: the one that this order has begun, or a new one. */
  static async openShadow(
    projection: Projection,
    folder: string,
    log: EventLogReader,
    order: RebuildOrder,
    serving: string,
  ): Promise<ReadModel> {
    const { name, version } = projection;
    const [newest] = modelFilesIn(folder, name).filter((file) => file.version === version);
    if (newest && newest.path !== serving) {
      const db = await openIfOfLog(projection, newest, log);
      if (db && readOrder(db)?.id === order.id) return new ReadModel(projection, newest, db);
      db?.close();
    }
    const file = modelFile(folder, name, version, newest ? newest.generation + 1 : 0);
    const db = connect(projection, file.path);
    writeOrder(db, order);
    return new ReadModel(projection, file, db);
  }

  /** A shadow that another thread has filled and closed. */
  static adopt(projection: Projection, path: string, folder: string): ReadModel {
    const file = modelFilesIn(folder, projection.name).find((each) => each.path === path);
    if (!file) throw new Error(`${path} is gone`);
    return new ReadModel(projection, file, connect(projection, path));
  }

  /** Of the last event that it has taken. */
  get position(): bigint {
    return BigInt(this.seen.position);
  }

  get taken(): Extent {
    return this.seen;
  }

  /** What readers find in its file. */
  get shown(): Extent {
    return this.begun ?? this.seen;
  }

  /**
   * Takes consecutive events of the log; those it has seen are passed over. Readers find them after `settle`. Where one of them cannot be
   * taken, it goes back to what is settled: then its position is before theirs, and they have to come again.
   */
  take(batch: readonly BatchEvent[]): void {
    if (this.failure) return;
    const from = batch.findIndex(({ position }) => position > this.seen.position);
    if (from < 0) return;
    const unseen = from === 0 ? batch : batch.slice(from);
    const { types } = this;
    const relevant = types ? unseen.filter(({ event }) => types.has(event.type)) : unseen;
    const end = this.after(unseen);
    const [first] = relevant;
    if (this.seen.position < this.oneByOneTo) return this.takeOneByOne(unseen, relevant);
    if (!first) return this.pass(end);
    const isAlone = !this.begun;
    try {
      this.apply(relevant);
      this.seen = end;
      this.lastWanted = relevant.at(-1) ?? first;
    } catch {
      this.oneByOneTo = end.position;
      if (this.reopen(first) && isAlone) this.takeOneByOne(unseen, relevant);
    }
  }

  /** Commits what was taken. As `take`, it may go back. */
  settle(): void {
    const { begun, seen, lastWanted } = this;
    if (!begun || !lastWanted) return;
    try {
      this.end(seen);
    } catch {
      this.oneByOneTo = seen.position;
      this.reopen(lastWanted);
    }
  }

  /** Lets a failed projection try again from where it stopped. */
  retry(): void {
    const { failure } = this;
    this.failure = undefined;
    this.reopen({ position: Number(failure?.position), event: { type: failure?.type ?? '' } });
  }

  /** Writes the checkpoint where it is behind what was seen. */
  save(): void {
    this.settle();
    if (!this.failure && this.seen.position > this.saved.position) this.commit([], this.seen);
  }

  /** From now on this file is the one that a start opens. */
  serve(): void {
    this.settle();
    dropOrder(this.db);
  }

  close(): void {
    if (!this.db.open) return;
    this.save();
    this.db.close();
  }

  remove(): void {
    this.db.close();
    removeFile(this.file.path);
  }

  /** Removes what other versions of this projection and earlier rebuilds have left behind; what is being filled now is newer. */
  removeOthers(folder: string): void {
    const { name, version } = this.projection;
    for (const file of modelFilesIn(folder, name))
      if (file.version > version || isNewer(this.file, file)) removeFile(file.path);
  }

  /** The good events before the bad one land, and the bad one is known by name. */
  private takeOneByOne(unseen: readonly BatchEvent[], relevant: readonly BatchEvent[]): void {
    const wanted = new Set(relevant);
    for (const each of unseen) {
      const end = this.after([each]);
      if (!wanted.has(each)) this.seen = end;
      else
        try {
          this.commit([each], end);
        } catch (error) {
          this.fail(each, error);
          return;
        }
    }
  }

  private commit(events: readonly BatchEvent[], end: Checkpoint): void {
    try {
      this.apply(events);
      this.end(end);
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  private apply(events: readonly BatchEvent[]): void {
    if (!this.begun) {
      this.db.exec('begin immediate');
      this.begun = this.seen;
    }
    const unreadable = this.projection.readsData === false ? undefined : events.find((each) => each.unreadable);
    if (unreadable) throw unreadable.unreadable;
    if (events.length > 0) this.writer.apply(events);
  }

  private end(end: Checkpoint): void {
    this.writer.finish?.();
    writeCheckpoint(this.db, end);
    this.db.exec('commit');
    this.begun = undefined;
    this.saved = this.seen = end;
  }

  private rollBack(): void {
    if (this.db.inTransaction) this.db.exec('rollback');
    if (this.begun) this.seen = this.begun;
    this.begun = undefined;
  }

  private pass(end: Checkpoint): void {
    if (!this.begun && end.events - this.saved.events >= eventsUnsavedMax) this.commit([], end);
    else this.seen = end;
  }

  /** What the writer remembered of a batch that was rolled back must not live on. False where the file cannot be opened any more. */
  private reopen(next: Failed): boolean {
    try {
      this.rollBack();
      this.db.close();
      this.db = connect(this.projection, this.file.path);
      const { position } = this.seen;
      this.saved = readCheckpoint(this.db);
      if (this.saved.position > position) this.seen = this.saved;
      this.writer = this.projection.open(this.db);
      return true;
    } catch (error) {
      this.fail(next, error);
      return false;
    }
  }

  private fail({ position, event: { type } }: Failed, error: unknown): void {
    this.failure = { position: BigInt(position), type, error: errorText(error) };
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

/** What is known of an event that could not be taken. */
interface Failed {
  readonly position: number;
  readonly event: { readonly type: string };
}

/** The rebuild that an earlier start has begun and not ended. A shadow of another version is of no use any more. */
export async function unfinishedOrder(
  { projection, file: serving }: ReadModel,
  folder: string,
  log: EventLogReader,
): Promise<RebuildOrder | undefined> {
  for (const file of modelFilesIn(folder, projection.name)) {
    if (!isNewer(file, serving) || file.version !== projection.version) continue;
    const db = await openIfOfLog(projection, file, log);
    const order = db && readOrder(db);
    db?.close();
    if (order) return order;
    removeFile(file.path);
  }
  return undefined;
}

/** Undefined: it could not be read, or is of another log, and was removed. All of it can be made again. */
async function openIfOfLog(
  projection: Projection,
  { path }: ModelFile,
  log: EventLogReader,
): Promise<Database.Database | undefined> {
  const db = openIfReadable(projection, path);
  if (db && (await isOfLog(db, log))) return db;
  db?.close();
  removeFile(path);
  return undefined;
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
