import { subject } from '#kernel';
import { findingOf, findings as definitions, standingOf } from '#migration';
import { TopologyAt } from '../estate/topology-at.js';
import { Asked } from '../parameters.js';
import { cursorAfter, keyOf } from '../paging.js';
import { count, instant, listOf, orNull, shape, text, words } from '../schemas.js';
import type { ViewDefinition, ViewQuery } from '../view.js';
import { type Finding, FindingsAt, toFinding } from './findings-at.js';
import { MigrationsAt } from './migrations-at.js';
import { NotPermittedAt } from './not-permitted.js';

const severities = ['error', 'warning', 'info'] as const;
const statuses = ['open', 'resolved', 'waived'] as const;

export const findingItem = shape({
  subject: text,
  finding: words(...definitions.map(({ finding }) => finding)),
  severity: words(...severities),
  detail: text,
  count,
  offenders: listOf(text),
  resolve: listOf(text),
  status: words(...statuses),
  evidence: orNull(text),
  by: orNull(shape({ id: text, name: text })),
  at: orNull(instant),
  expiresAt: orNull(instant),
});

export const findingsView: ViewDefinition = {
  path: '/api/findings',
  summary: 'What deserves attention: the measured fact, what it concerns, and how it goes away',
  kind: 'list',
  parameters: {
    subject: Asked.subject('what it is about'),
    severity: Asked.oneOf('how bad it is', severities),
    status: Asked.oneOf('whether it stands', statuses),
  },
  projections: ['migrations', 'topology', 'users', 'content'],
  item: findingItem,
  // In the order of subjects, in which users come last.
  run: (db, query) => {
    const topology = new TopologyAt(db, query.at);
    const migrations = new MigrationsAt(db, query.at);
    const [afterSubject = '', afterFinding = ''] = keyOf('findings', query.cursor, 2) ?? [];
    const few = fewFindings(topology, migrations, query);
    const left = few.filter((each) => isAfter(each, afterSubject, afterFinding));
    const users = usersPassing(topology, migrations, query);
    const page = left.slice(0, query.limit);
    const room = query.limit + 1 - left.length;
    const more = room > 0 ? users.page(afterSubject, room) : [];
    const items = [...page, ...more].slice(0, query.limit);
    const last = items.at(-1);
    const isLast = left.length + more.length <= query.limit;
    return {
      items,
      next: isLast || !last ? null : cursorAfter('findings', [last.subject, last.finding]),
      total: few.length + users.total,
    };
  },
};

function isAfter({ subject: about, finding }: Finding, afterSubject: string, afterFinding: string): boolean {
  return about === afterSubject ? finding > afterFinding : about > afterSubject;
}

/** All that pass the filters but those on users. */
function fewFindings(
  topology: TopologyAt,
  migrations: MigrationsAt,
  { input, instant: asOf }: ViewQuery,
): readonly Finding[] {
  const findings = new FindingsAt(topology, migrations, asOf);
  const about = input['subject'] as string | undefined;
  const found = about === undefined ? findings.all() : findings.of(about);
  return found.filter(
    ({ severity, status }) =>
      (input['severity'] === undefined || severity === input['severity']) &&
      (input['status'] === undefined || status === input['status']),
  );
}

const notPermitted = 'clients.not-permitted';

interface UserFindings {
  readonly total: number;
  /** The next ones after this subject. */
  readonly page: (after: string, limit: number) => readonly Finding[];
}
const none: UserFindings = { total: 0, page: () => [] };

/** The findings on users that pass the filters. */
function usersPassing(
  topology: TopologyAt,
  migrations: MigrationsAt,
  { input, instant: asOf }: ViewQuery,
): UserFindings {
  const definition = findingOf(notPermitted);
  const about = input['subject'] as string | undefined;
  const asked = about?.startsWith('user:') ? about.slice('user:'.length) : undefined;
  const isElsewhere = about !== undefined && asked === undefined;
  if (!definition || isElsewhere || (input['severity'] ?? definition.severity) !== definition.severity) return none;
  const found = new NotPermittedAt(topology);
  const records = migrations.recordsOf(notPermitted);
  const show = (users: readonly string[]): readonly Finding[] =>
    found
      .describe(users)
      .map(({ user, fact }) => toFinding(subject.user(user), definition, fact, records.get(subject.user(user)), asOf));
  const waived = found.among(
    Array.from(records)
      .filter(([, record]) => standingOf(record, asOf).status === 'waived')
      .map(([each]) => each.slice('user:'.length)),
  );
  const pass = (user: string): boolean => {
    if (input['status'] === undefined) return true;
    return (input['status'] === 'waived') === waived.includes(user) && input['status'] !== 'resolved';
  };
  const some = (users: readonly string[]): UserFindings => ({
    total: users.length,
    page: (after, limit) => show(users.filter((user) => subject.user(user) > after).slice(0, limit)),
  });
  if (asked !== undefined) return some(found.among([asked]).filter((user) => pass(user)));
  if (input['status'] === 'resolved') return none;
  if (input['status'] === 'waived') return some(waived.toSorted());
  const not = new Set(input['status'] === 'open' ? waived : []);
  return {
    total: found.total - not.size,
    page: (after, limit) => show(found.after(after.startsWith('user:') ? after.slice('user:'.length) : '', limit, not)),
  };
}
