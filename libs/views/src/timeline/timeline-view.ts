import type { Database } from 'better-sqlite3';
import { positionAt } from '../moments.js';
import { prepared } from '../storage/prepared.js';
import type { ListAnswer, ViewDefinition, ViewQuery } from '../view.js';
import { changesIn } from './earlier-values.js';
import { isUnfiltered, isWordless, searchExpression, searchExpressionOfRuns } from './search-expression.js';
import { fromRow, type ItemRow, type StoredItem } from './stored-item.js';
import { readCursor, writeCursor } from './timeline-cursor.js';
import { timelineItemSchema } from './timeline-item-schema.js';
import { timelineParameters } from './timeline-parameters.js';

/** What is searched: positions `low` to `high` of the timeline as it was at `at`. */
interface Range {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

export const timelineView: ViewDefinition = {
  path: '/api/timeline',
  summary: 'Who asked for what, when, and what came of it; newest first',
  kind: 'list',
  parameters: timelineParameters,
  projections: ['timeline', 'moments'],
  roles: ['operator', 'approver', 'auditor'],
  item: timelineItemSchema,
  run: timelineAnswer,
};

function timelineAnswer(db: Database, query: ViewQuery): ListAnswer {
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (isWordless(query)) return { items: [], next: null, total: 0 };
  const at = Math.min(query.at, cursor?.at ?? query.at);
  const range = rangeOf(db, query, at);
  const rows = page(db, query, { ...range, high: Math.min(range.high, (cursor?.before ?? Infinity) - 1) });
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => shownItem(db, fromRow(row), at)),
    next: last && rows.length > shown.length ? writeCursor({ at, before: last.position }) : null,
    total: total(db, query, range),
  };
}

function rangeOf(db: Database, { input }: ViewQuery, at: number): Range {
  const { from, to } = input as { readonly from?: string; readonly to?: string };
  return {
    at,
    low: from === undefined ? 0 : positionAt(db, new Date(Date.parse(from) - 1).toISOString()) + 1,
    high: to === undefined ? at : Math.min(at, positionAt(db, to)),
  };
}

// A run has one row for each of its events; the one that counts is the last at that moment.
const superseded = '(select position from timeline.run_versions where superseded_at <= @at)';

const matching = 'search match @expression and search.rowid between @low and @high';

const pageSql = `select items.position, items.at, items.body
  from timeline.search cross join timeline.items on items.position = search.rowid
  where ${matching} and search.rowid not in ${superseded} order by search.rowid desc limit @limit`;

const countSql = `select count(*) from timeline.search where ${matching}`;

function page(db: Database, query: ViewQuery, range: Range): readonly ItemRow[] {
  const expression = searchExpression(query);
  return prepared(db, pageSql).all({ expression, ...range, limit: query.limit + 1 }) as ItemRow[];
}

function total(db: Database, query: ViewQuery, range: Range): number {
  const { from, to } = query.input;
  if (isUnfiltered(query) && from === undefined && to === undefined) return totalOfAll(db, query, range.at);
  const count = (sql: string, expression: string): number =>
    prepared(db, sql)
      .pluck()
      .get({ ...range, expression }) as number;
  const expression = searchExpression(query);
  if (query.input['q'] !== undefined) return count(`${countSql} and search.rowid not in ${superseded}`, expression);
  // Cheaper than to look each match up: runs are few. The + keeps FTS5 from asking for each of them by itself.
  return (
    count(countSql, expression) - count(`${countSql} and +search.rowid in ${superseded}`, searchExpressionOfRuns(query))
  );
}

function totalOfAll(db: Database, { roles }: ViewQuery, at: number): number {
  const last = prepared(
    db,
    'select top_level, denied from timeline.items where position <= ? order by position desc limit 1',
  ).get(at) as { readonly top_level: number; readonly denied: number } | undefined;
  return (last?.top_level ?? 0) + (roles.includes('auditor') ? (last?.denied ?? 0) : 0);
}

function shownItem(db: Database, item: StoredItem, at: number): object {
  const {
    position,
    actor,
    command,
    outcome,
    subjects,
    summary,
    reason,
    ticket,
    refusals,
    correlationId,
    causationId,
    run,
  } = item;
  return {
    position: `${position}`,
    at: new Date(item.at).toISOString(),
    actor,
    command,
    outcome,
    subjects,
    summary,
    changes: changesIn(db, item),
    reason,
    ticket,
    refusals,
    correlationId,
    causationId,
    run,
    events: (item.isRun && run !== null ? runEvents(db, run, at) : item.events).map(String),
  };
}

function runEvents(db: Database, run: string, at: number): readonly number[] {
  return prepared(db, 'select position from timeline.run_versions where run = ? and position <= ? order by position')
    .pluck()
    .all(run, at) as number[];
}
