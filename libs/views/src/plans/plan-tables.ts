import type { Database } from 'better-sqlite3';
import { foldCase } from '#kernel';
import type { PlanApplied, PlanMade, PlannedEvent, RowsPlanned } from '#plans';
import type { ProjectedEvent } from '../projection.js';
import { changesOf } from '../timeline/changes-of.js';

/** What plans are made from. */
export const planTypes = ['RowsPlanned', 'PlanMade', 'PlanApplied'] as const;
type Taken = PlanMade | PlanApplied | RowsPlanned;

// Recorded once and applied once: both positions stand in the row, and so any moment can be asked about. Rows come before their plan.
export const planSchema = `
  create table if not exists plan (plan text primary key, made integer not null, made_at text not null, by_id text not null,
    by_name text not null, body text not null, applied integer, applied_at text, applied_by_id text, applied_by_name text, run text)
    without rowid;
  create index if not exists plan_made on plan (made);
  create table if not exists plan_row (plan text not null, row integer not null, line integer, outcome text not null, rules text,
    search text not null, body text not null, primary key (plan, row)) without rowid;
  create table if not exists plan_after (plan text not null, subject text not null, row integer not null, fields text not null,
    primary key (plan, subject, row)) without rowid;`;

/** Between rule ids, so that one can be found whole. */
export const ruleEnd = '\n';

export class PlanTables {
  private readonly insertPlan;
  private readonly insertRow;
  private readonly insertAfter;
  private readonly apply;

  constructor(db: Database) {
    this.insertPlan = db.prepare('insert into plan values (?, ?, ?, ?, ?, ?, null, null, null, null, null)');
    this.insertRow = db.prepare('insert into plan_row values (?, ?, ?, ?, ?, ?, ?)');
    this.insertAfter = db.prepare('insert into plan_after values (?, ?, ?, ?)');
    this.apply = db.prepare(
      'update plan set applied = ?, applied_at = ?, applied_by_id = ?, applied_by_name = ?, run = ? where plan = ?',
    );
  }

  /** Whether it was an event of a plan. */
  take({ event, data, position }: ProjectedEvent): boolean {
    const taken = { type: event.type, data } as unknown as Taken;
    const { id, name } = event.meta.actor;
    switch (taken.type) {
      case 'RowsPlanned':
        this.addRows(taken.data);
        return true;
      case 'PlanMade':
        this.insertPlan.run(taken.data.plan, position, event.recordedAt, id, name, JSON.stringify(taken.data));
        return true;
      case 'PlanApplied':
        this.apply.run(position, event.recordedAt, id, name, taken.data.run, taken.data.plan);
        return true;
      default:
        taken satisfies never;
        return false;
    }
  }

  private addRows({ plan, rows }: RowsPlanned['data']): void {
    for (const { row, line = null, outcome, cells = [], fields, unread = [], on: _on, ...said } of rows) {
      const rules = said.refusals?.map(({ rule }) => ruleEnd + rule + ruleEnd).join('') ?? null;
      const words = [said.subject, ...cells, ...unread, ...(fields ? Object.values(fields) : []), said.message];
      const search = words
        .filter((word) => typeof word === 'string')
        .join('\n')
        .toLowerCase();
      this.insertRow.run(plan, row, line, outcome, rules, search, JSON.stringify(said));
      for (const [about, fields] of leftBy(said.events ?? []))
        this.insertAfter.run(plan, about, row, JSON.stringify(fields));
    }
  }
}

/** What a row leaves behind, for later rows that do not tell what was there before them, by folded subject. */
function leftBy(events: readonly PlannedEvent[]): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const left = new Map<string, Record<string, unknown>>();
  for (const { type, data } of events) {
    // Whatever moves says itself where it was.
    if ('from' in data && 'to' in data) continue;
    for (const { subject, field, after } of changesOf(type, data as Readonly<Record<string, unknown>>)) {
      const key = foldCase(subject);
      const fields = left.get(key) ?? {};
      fields[field] = after ?? null;
      left.set(key, fields);
    }
  }
  return left;
}
