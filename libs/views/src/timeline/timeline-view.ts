import type { Database } from 'better-sqlite3';
import { positionAt } from '../moments.js';
import { prepared } from '../storage/prepared.js';
import type { ListAnswer, ViewDefinition, ViewQuery } from '../view.js';
import { countFound, itemsFound, type Range, tallyAt } from './blocks.js';
import { changesIn } from './earlier-values.js';
import { isUnfiltered, isWordless, searchExpression } from './search-expression.js';
import type { StoredItem } from './stored-item.js';
import { readCursor, writeCursor } from './timeline-cursor.js';
import { timelineItemSchema } from './timeline-item-schema.js';
import { timelineParameters } from './timeline-parameters.js';

/** Of subjects and of changes: one batch of content that is carried over has hundreds of each. */
const shownMax = 100;

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
  const high = Math.min(range.high, (cursor?.before ?? Infinity) - 1);
  const found = itemsFound(db, searchExpression(query), { ...range, high })
    .take(query.limit + 1)
    .toArray();
  const shown = found.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((item) => shownItem(db, item, at)),
    next: last && found.length > shown.length ? writeCursor({ at, before: last.position }) : null,
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

function total(db: Database, query: ViewQuery, range: Range): number {
  const { from, to } = query.input;
  if (isUnfiltered(query) && from === undefined && to === undefined) return totalOfAll(db, query, range.at);
  return countFound(db, searchExpression(query), range);
}

function totalOfAll(db: Database, { roles }: ViewQuery, at: number): number {
  const { topLevel, denied } = tallyAt(db, at);
  return topLevel + (roles.includes('auditor') ? denied : 0);
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
    subjects: subjects.slice(0, shownMax),
    summary,
    changes: changesIn(db, { ...item, assignments: item.assignments.slice(0, shownMax) }),
    more: moreThanShown(item),
    reason,
    ticket,
    refusals,
    correlationId,
    causationId,
    run,
    events: (item.isRun && run !== null ? runEvents(db, run, at) : item.events).map(String),
  };
}

function moreThanShown({
  subjects,
  assignments,
}: StoredItem): { readonly subjects: number; readonly changes: number } | null {
  const more = {
    subjects: Math.max(0, subjects.length - shownMax),
    changes: Math.max(0, assignments.length - shownMax),
  };
  return more.subjects + more.changes > 0 ? more : null;
}

function runEvents(db: Database, run: string, at: number): readonly number[] {
  return prepared(db, 'select position from timeline.run_versions where run = ? and position <= ? order by position')
    .pluck()
    .all(run, at) as number[];
}
