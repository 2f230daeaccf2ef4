import type { Database, Statement } from 'better-sqlite3';
import type { EventCatalogue } from '#kernel';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { openEnd } from '../view.js';
import { Block, type BlockRow } from './block.js';
import { blockColumns, itemOf } from './blocks.js';
import { advanceRun, composeItem, continueItem, describe, runOf } from './compose-item.js';
import type { StoredItem } from './stored-item.js';
import { tokenMarks } from './tokens.js';

/** So many events lie between two rows of `tally`. */
export const tallyStep = 256;

const runsRememberedMax = 100;

// Items go by blocks: a block is one document of the search index, and what is found there is looked at item by item in `postings`.
// The index has all blocks but the last one, which still grows. An item's position is that of its last event.
const schema = `
  create table if not exists blocks (
    id integer primary key, low integer not null, high integer not null, items integer not null,
    top_level integer not null, denied integer not null, counted integer not null, counted_denied integer not null);
  create index if not exists blocks_low on blocks (low);
  create table if not exists postings (block integer primary key, positions text not null, postings text not null);
  create table if not exists bodies (block integer primary key, headers text not null, lines text not null);
  create virtual table if not exists search using fts5(
    text, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '${tokenMarks}'");
  create table if not exists run_versions (position integer primary key, run text not null, superseded_at integer not null);
  create index if not exists run_versions_run on run_versions (run, position);
  create table if not exists tally (position integer primary key, events integer not null);
  create table if not exists seen (id integer primary key check (id = 1), events integer not null)`;

/** The audit timeline: one item a command, and one a run that moves as the run advances. */
export function timelineProjection(catalogue: EventCatalogue): Projection {
  return { name: 'timeline', version: 4, sameTablesSince: 3, schema, open: (db) => new TimelineWriter(db, catalogue) };
}

type Group = [ProjectedEvent, ...ProjectedEvent[]];

class TimelineWriter implements ProjectionWriter {
  private readonly putBlock: Statement;
  private readonly putPostings: Statement;
  private readonly putBody: Statement;
  private readonly insertSearch: Statement;
  private readonly lastOfRun: Statement;
  private readonly supersede: Statement;
  private readonly insertRun: Statement;
  private readonly insertTally: Statement;
  private readonly putSeen: Statement;
  private readonly runs: Set<string>;
  /** Of runs that advance now. */
  private readonly runItems = new Map<string, StoredItem>();
  /** The last one, whether it is full or not. */
  private block: Block;
  /** Of the blocks that were filled and are not in the index yet. */
  private documents: (readonly [block: number, text: string])[] = [];
  private seen: number;
  /** Whether the next item may be the rest of the last one: a batch may end in the middle of a command. */
  private mayContinue = true;

  constructor(
    private readonly db: Database,
    private readonly catalogue: EventCatalogue,
  ) {
    this.putBlock = db.prepare('insert or replace into blocks values (?, ?, ?, ?, ?, ?, ?, ?)');
    this.putPostings = db.prepare('insert or replace into postings values (?, ?, ?)');
    this.putBody = db.prepare('insert or replace into bodies values (?, ?, ?)');
    this.insertSearch = db.prepare('insert into search (rowid, text) values (?, ?)');
    this.lastOfRun = db.prepare('select max(position) from run_versions where run = ?').pluck();
    this.supersede = db.prepare('update run_versions set superseded_at = ? where position = ?');
    this.insertRun = db.prepare(`insert into run_versions values (?, ?, ${openEnd})`);
    this.insertTally = db.prepare('insert into tally values (?, ?)');
    this.putSeen = db.prepare('insert or replace into seen values (1, ?)');
    this.runs = new Set(db.prepare('select distinct run from run_versions').pluck().all() as string[]);
    const last = db.prepare(`select ${blockColumns('main')} order by blocks.id desc limit 1`).get() as
      BlockRow | undefined;
    this.block = last ? Block.read(last) : new Block();
    this.seen = (db.prepare('select events from seen').pluck().get() as number | undefined) ?? 0;
  }

  apply(events: readonly ProjectedEvent[]): void {
    this.mayContinue = true;
    let group: Group | undefined;
    for (const each of events) {
      this.tally(each.position);
      const run = runOf(each.event);
      if (run !== undefined) {
        if (group) this.addItem(group);
        group = undefined;
        this.addRunVersion(run, each);
      } else if (!describe(this.catalogue, each.event.type).internal) {
        if (group && isSameCommand(group[0], each)) group.push(each);
        else {
          if (group) this.addItem(group);
          group = [each];
        }
      }
    }
    if (group) this.addItem(group);
  }

  finish(): void {
    if (!this.block.isEmpty) this.write(this.block.row());
    this.putSeen.run(this.seen);
    // All at the end: FTS5 writes out what it has gathered whenever a statement that could be undone by itself comes in between.
    for (const [block, document] of this.documents) this.insertSearch.run(block, document);
    this.documents = [];
  }

  private tally(position: number): void {
    this.seen += 1;
    if (this.seen % tallyStep === 0) this.insertTally.run(position, this.seen);
  }

  private addItem(group: Group): void {
    const { causationId } = group[0].event.meta;
    const item = composeItem(this.catalogue, group, this.runs.has(causationId) ? causationId : null);
    const last = this.mayContinue ? this.block.lastItem : undefined;
    this.mayContinue = false;
    if (last && !last.isRun && last.commandId === item.commandId && last.command === item.command)
      this.block = this.block.replaceLast(continueItem(last, item));
    else this.add(item, item.run === null);
  }

  private addRunVersion(run: string, event: ProjectedEvent): void {
    this.mayContinue = false;
    const earlier = this.runs.has(run) ? this.runItem(run) : undefined;
    const item = advanceRun(this.catalogue, event, run, earlier);
    if (earlier) this.supersede.run(item.position, earlier.position);
    this.runs.add(run);
    this.insertRun.run(item.position, run);
    this.add(item, earlier === undefined);
    if (this.runItems.size >= runsRememberedMax) this.runItems.clear();
    this.runItems.set(run, item);
  }

  private runItem(run: string): StoredItem | undefined {
    const known = this.runItems.get(run);
    if (known) return known;
    const position = this.lastOfRun.get(run) as number;
    return this.block.itemAt(position) ?? itemOf(this.db, position);
  }

  private add(item: StoredItem, counts: boolean): void {
    if (this.block.isFull) {
      const { row, document } = this.block.whole();
      this.write(row);
      this.documents.push([row.id, document]);
      this.block = this.block.next();
    }
    this.block.add(item, counts);
  }

  private write(row: BlockRow): void {
    const { id, low, high, items, topLevel, denied, counted, countedDenied } = row;
    this.putBlock.run(id, low, high, items, topLevel, denied, counted, countedDenied);
    this.putPostings.run(id, row.positions, row.postings);
    this.putBody.run(id, row.headers, row.lines);
  }
}

function isSameCommand({ event: { meta: first } }: ProjectedEvent, { event: { meta } }: ProjectedEvent): boolean {
  return first.commandId === meta.commandId && first.command === meta.command;
}
