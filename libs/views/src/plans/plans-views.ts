import type { RowOutcome } from '#runs';
import { diffView } from '../diff/diff-view.js';
import { cursorAfter, numberOf } from '../paging.js';
import { Asked } from '../parameters.js';
import type { ViewDefinition, ViewParameter } from '../view.js';
import {
  countPlanRows,
  countPlans,
  dataOf,
  outcomes,
  planAt,
  planItem,
  planRowItem,
  planRowsAt,
  plansAt,
  type RowFilter,
  shownPlan,
  shownPlanRows,
} from './plans-at.js';

const plan: ViewParameter = {
  description: 'the id of the plan',
  schema: { type: 'string', format: 'uuid' },
  // What is no id of a plan is the id of none: 404, not 400.
  parse: (input) => ({ value: input.toLowerCase() }),
};
const projections = ['runs'];

const plansView: ViewDefinition = {
  path: '/api/plans',
  summary: 'Plans, the newest first',
  kind: 'list',
  parameters: {},
  projections,
  item: planItem,
  run: (db, query) => {
    const { at, limit } = query;
    const before = numberOf('plans', query.cursor) ?? Number.MAX_SAFE_INTEGER;
    const stored = plansAt(db, at, before, limit + 1);
    const items = stored.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((each) => shownPlan(each, query)),
      next: stored.length > limit && last ? cursorAfter('plans', [String(last.made)]) : null,
      total: countPlans(db, at),
    };
  },
};

const planView: ViewDefinition = {
  path: '/api/plans/:plan',
  summary: 'One plan: what it would do, in numbers, and what became of it',
  kind: 'one',
  parameters: { plan },
  projections,
  item: planItem,
  run: (db, query) => {
    const stored = planAt(db, String(query.input['plan']), query.at);
    return stored && shownPlan(stored, query);
  },
};

const rowsView: ViewDefinition = {
  path: '/api/plans/:plan/rows',
  summary: 'The effect of each row of a plan, in order',
  kind: 'list',
  parameters: {
    plan,
    outcome: Asked.oneOf('only rows with this outcome', outcomes),
    rule: Asked.name('only rows that this rule refuses, such as homing.pool-sealed'),
    q: Asked.text('part of what a row is about, of its cells or of its message, ignoring case'),
  },
  // What was before, the recorded facts tell.
  projections: [...projections, ...diffView.projections],
  item: planRowItem,
  run: (db, { input, at, limit, cursor }) => {
    const id = String(input['plan']);
    const stored = planAt(db, id, at);
    if (!stored) return undefined;
    const filter: RowFilter = {
      outcome: input['outcome'] as RowOutcome | undefined,
      rule: input['rule'] as string | undefined,
      q: input['q'] as string | undefined,
    };
    const { outcome, rule, q } = filter;
    const tag = JSON.stringify(['plan-rows', id, outcome, rule, q]);
    const after = numberOf(tag, cursor) ?? 0;
    const found = planRowsAt(db, id, filter, after, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const { counts, position } = dataOf(stored);
    const counted = rule === undefined && q === undefined;
    const ofOutcome = outcome ? counts[outcome] : outcomes.reduce((sum, each) => sum + counts[each], 0);
    return {
      items: shownPlanRows(db, id, Number(position), page),
      next: found.length > limit && last ? cursorAfter(tag, [String(last.row)]) : null,
      total: counted ? ofOutcome : countPlanRows(db, id, filter),
    };
  },
};

export const plansViews: readonly ViewDefinition[] = [plansView, planView, rowsView];
