import type { Database } from 'better-sqlite3';
import type { PlannedRow, PlanMade } from '#plans';
import type { RowOutcome } from '#runs';
import { changesBefore } from './changes-before.js';
import { count, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import { row, rows } from '../storage/prepared.js';
import type { ViewQuery } from '../view.js';
import { ruleEnd } from './plan-tables.js';

export const outcomes = ['done', 'unchanged', 'refused', 'invalid'] as const satisfies readonly RowOutcome[];

export interface StoredPlan {
  readonly plan: string;
  readonly made: number;
  readonly made_at: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly body: string;
  /** Positions; null as long as it is not applied. */
  readonly applied: number | null;
  readonly applied_at: string | null;
  readonly applied_by_id: string | null;
  readonly applied_by_name: string | null;
  readonly run: string | null;
}

type Moment = Pick<ViewQuery, 'at' | 'instant'>;

const who = shape({ id: text, name: text });
const counts = shape({ done: count, unchanged: count, refused: count, invalid: count });

export const planItem = shape({
  plan: text,
  hash: text,
  position: text,
  kind: text,
  state: words('open', 'applied', 'expired'),
  command: orNull(text),
  fields: orNull({ type: 'object' }),
  for: orNull(shape({ users: { type: 'object' } })),
  file: orNull(shape({ name: orNull(text), size: count, sha256: text })),
  parameters: { type: 'object' },
  total: count,
  counts,
  reasons: listOf(shape({ rule: text, count })),
  events: { type: 'object', additionalProperties: count },
  by: who,
  madeAt: instant,
  expiresAt: instant,
  run: orNull(text),
  appliedAt: orNull(instant),
  appliedBy: orNull(who),
});

export function planAt(db: Database, plan: string, at: number): StoredPlan | undefined {
  return row(db, 'select * from runs.plan where plan = @plan and made <= @at', { plan, at });
}

/** The newest first, those made before this position. */
export function plansAt(db: Database, at: number, before: number, limit: number): readonly StoredPlan[] {
  const sql = 'select * from runs.plan where made <= @at and made < @before order by made desc limit @limit';
  return rows(db, sql, { at, before, limit });
}

export function countPlans(db: Database, at: number): number {
  return row<{ n: number }>(db, 'select count(*) as n from runs.plan where made <= @at', { at })?.n ?? 0;
}

export function dataOf({ body }: StoredPlan): PlanMade['data'] {
  return JSON.parse(body) as PlanMade['data'];
}

export function shownPlan(stored: StoredPlan, { at, instant }: Moment): object {
  const { plan, hash, position, kind, source, parameters, counts, reasons, events, expiresAt } = dataOf(stored);
  const asked = 'command' in source ? { ...source, file: null } : { command: null, fields: null, for: null, ...source };
  const isApplied = stored.applied !== null && stored.applied <= at;
  return {
    plan,
    hash,
    position,
    kind,
    state: isApplied ? 'applied' : instant >= expiresAt ? 'expired' : 'open',
    ...asked,
    parameters,
    total: outcomes.reduce((sum, outcome) => sum + counts[outcome], 0),
    counts,
    reasons,
    events,
    by: { id: stored.by_id, name: stored.by_name },
    madeAt: stored.made_at,
    expiresAt,
    run: isApplied ? stored.run : null,
    appliedAt: isApplied ? stored.applied_at : null,
    appliedBy: isApplied ? { id: stored.applied_by_id, name: stored.applied_by_name } : null,
  };
}

export interface StoredRow {
  readonly row: number;
  readonly line: number | null;
  readonly outcome: RowOutcome;
  readonly body: string;
}

export interface RowFilter {
  readonly outcome?: RowOutcome | undefined;
  readonly rule?: string | undefined;
  /** Lower-case. */
  readonly q?: string | undefined;
}

const passing = `from runs.plan_row where plan = @plan and (@outcome is null or outcome = @outcome)
  and (@rule is null or instr(rules, @rule) > 0) and (@q is null or instr(search, @q) > 0)`;

const asked = (plan: string, { outcome = null, rule, q = null }: Nullable<RowFilter>) => ({
  plan,
  outcome,
  rule: rule == null ? null : ruleEnd + rule + ruleEnd,
  q,
});

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Rows that pass, after this one. */
export function planRowsAt(
  db: Database,
  plan: string,
  filter: RowFilter,
  after: number,
  limit: number,
): readonly StoredRow[] {
  const sql = `select row, line, outcome, body ${passing} and row > @after order by row limit @limit`;
  return rows(db, sql, { ...asked(plan, filter), after, limit });
}

export function countPlanRows(db: Database, plan: string, filter: RowFilter): number {
  return row<{ n: number }>(db, `select count(*) as n ${passing}`, asked(plan, filter))?.n ?? 0;
}

/** What the last row before this one that touches a field leaves in it. */
function leftBefore(
  db: Database,
  before: { readonly plan: string; readonly subject: string; readonly row: number },
  field: string,
): unknown {
  const sql = `select fields from runs.plan_after where plan = @plan and subject = @subject and row < @row
    and exists (select 1 from json_each(fields) where key = @field) order by row desc limit 1`;
  const found = row<{ fields: string }>(db, sql, { ...before, field });
  return found && (JSON.parse(found.fields) as Readonly<Record<string, unknown>>)[field];
}

const refusal = { type: 'object', properties: { rule: text, detail: text }, required: ['rule', 'detail'] } as const;

export const planRowItem = shape({
  row: { type: 'integer', minimum: 1 },
  line: orNull({ type: 'integer', minimum: 1 }),
  outcome: words(...outcomes),
  commands: listOf(text),
  subject: orNull(text),
  events: listOf(shape({ type: text, data: { type: 'object' } })),
  changes: listOf(shape({ subject: text, field: text, before: {}, after: {} })),
  column: orNull(text),
  value: orNull(text),
  message: orNull(text),
  refusals: listOf(refusal),
});

/** Rows with what they would change, against what was recorded when the plan was made and what the rows before them leave. */
export function shownPlanRows(
  db: Database,
  plan: string,
  position: number,
  stored: readonly StoredRow[],
): readonly object[] {
  const said = stored.map(({ body }) => JSON.parse(body) as Partial<PlannedRow>);
  const changes = changesBefore(
    db,
    position,
    said.map(({ events = [] }) => events),
    (index, subject, field) => leftBefore(db, { plan, subject, row: stored[index]?.row ?? 0 }, field),
  );
  return stored.map(({ row, line, outcome }, index) => {
    const {
      commands = [],
      subject = null,
      events = [],
      column = null,
      value = null,
      message = null,
      refusals = [],
    } = said[index] ?? {};
    return { row, line, outcome, commands, subject, events, changes: changes[index], column, value, message, refusals };
  });
}
