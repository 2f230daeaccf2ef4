import type { Database, Statement } from 'better-sqlite3';
import type { EventCatalogue } from '#kernel';
import type { ProjectedEvent, Projection, ProjectionWriter } from '../projection.js';
import { openEnd } from '../view.js';
import { advanceRun, composeItem, continueItem, describe, runOf } from './compose-item.js';
import { searchText } from './search-text.js';
import { fromRow, isTopLevel, type ItemRow, type StoredItem, toRow } from './stored-item.js';

/** So many events lie between two rows of `tally`. */
export const tallyStep = 256;

// The position of an item's last event is its rowid, in `items` as in `search`: order, paging and as-of are one comparison.
// `top_level` (not denied) and `denied` count what a list without filters holds up to this row, so that nobody has to.
const schema = `
  create table if not exists items (
    position integer primary key, at integer not null, top_level integer not null, denied integer not null, body text not null);
  create virtual table if not exists search using fts5(
    text, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
  create table if not exists run_versions (position integer primary key, run text not null, superseded_at integer not null);
  create index if not exists run_versions_run on run_versions (run, position);
  create table if not exists tally (position integer primary key, events integer not null);
  create table if not exists seen (id integer primary key check (id = 1), events integer not null)`;

/** The audit timeline: one item a command, and one a run that moves as the run advances. */
export function timelineProjection(catalogue: EventCatalogue): Projection {
  return { name: 'timeline', version: 2, sameTablesSince: 1, schema, open: (db) => new TimelineWriter(db, catalogue) };
}

type Group = [ProjectedEvent, ...ProjectedEvent[]];

interface Counted extends ItemRow {
  readonly top_level: number;
  readonly denied: number;
}

class TimelineWriter implements ProjectionWriter {
  private readonly insertItem: Statement;
  private readonly insertSearch: Statement;
  private readonly deleteItem: Statement;
  private readonly deleteSearch: Statement;
  private readonly lastItem: Statement;
  private readonly lastOfRun: Statement;
  private readonly supersede: Statement;
  private readonly insertRun: Statement;
  private readonly insertTally: Statement;
  private readonly putSeen: Statement;
  private readonly runs: Set<string>;
  private topLevel: number;
  private denied: number;
  private seen: number;
  /** Whether the next item may be the rest of the last one in the table: a batch may end in the middle of a command. */
  private mayContinue = true;

  constructor(
    db: Database,
    private readonly catalogue: EventCatalogue,
  ) {
    this.insertItem = db.prepare('insert into items values (?, ?, ?, ?, ?)');
    this.insertSearch = db.prepare('insert into search (rowid, text) values (?, ?)');
    this.deleteItem = db.prepare('delete from items where position = ?');
    // A table without content forgets a row when it is told what the row was.
    this.deleteSearch = db.prepare(`insert into search (search, rowid, text) values ('delete', ?, ?)`);
    this.lastItem = db.prepare('select * from items order by position desc limit 1');
    this.lastOfRun = db.prepare(
      'select * from items where position = (select max(position) from run_versions where run = ?)',
    );
    this.supersede = db.prepare('update run_versions set superseded_at = ? where position = ?');
    this.insertRun = db.prepare(`insert into run_versions values (?, ?, ${openEnd})`);
    this.insertTally = db.prepare('insert into tally values (?, ?)');
    this.putSeen = db.prepare('insert or replace into seen values (1, ?)');
    this.runs = new Set(db.prepare('select distinct run from run_versions').pluck().all() as string[]);
    const last = this.lastItem.get() as Counted | undefined;
    this.topLevel = last?.top_level ?? 0;
    this.denied = last?.denied ?? 0;
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
    this.putSeen.run(this.seen);
  }

  private tally(position: number): void {
    this.seen += 1;
    if (this.seen % tallyStep === 0) this.insertTally.run(position, this.seen);
  }

  private addItem(group: Group): void {
    const { meta } = group[0].event;
    const item = composeItem(this.catalogue, group, this.runs.has(meta.causationId) ? meta.causationId : null);
    const last = this.mayContinue ? (this.lastItem.get() as Counted | undefined) : undefined;
    this.mayContinue = false;
    const begun = last && fromRow(last);
    if (!begun || begun.isRun || begun.commandId !== item.commandId || begun.command !== item.command) {
      this.count(item);
      this.insert(item);
      return;
    }
    this.deleteItem.run(begun.position);
    this.deleteSearch.run(begun.position, searchText(begun));
    this.insert(continueItem(begun, item));
  }

  private addRunVersion(run: string, event: ProjectedEvent): void {
    this.mayContinue = false;
    const earlier = this.lastOfRun.get(run) as Counted | undefined;
    const item = advanceRun(this.catalogue, event, run, earlier && fromRow(earlier));
    if (earlier) this.supersede.run(item.position, earlier.position);
    else this.count(item);
    this.runs.add(run);
    this.insertRun.run(item.position, run);
    this.insert(item);
  }

  private count(item: StoredItem): void {
    if (!isTopLevel(item)) return;
    if (item.outcome === 'denied') this.denied += 1;
    else this.topLevel += 1;
  }

  private insert(item: StoredItem): void {
    const { position, at, body } = toRow(item);
    this.insertItem.run(position, at, this.topLevel, this.denied, body);
    this.insertSearch.run(position, searchText(item));
  }
}

function isSameCommand({ event: { meta: first } }: ProjectedEvent, { event: { meta } }: ProjectedEvent): boolean {
  return first.commandId === meta.commandId && first.command === meta.command;
}
