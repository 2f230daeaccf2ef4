import type { Database, Statement } from 'better-sqlite3';

const statementsMax = 500;
const statements = new WeakMap<Database, Map<string, Statement>>();

/** The connection's statement for this text, prepared once. */
export function prepared(db: Database, sql: string): Statement {
  const known = statements.get(db) ?? new Map<string, Statement>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  if (known.size >= statementsMax && !known.has(sql)) known.clear();
  known.set(sql, statement);
  return statement;
}

export type Parameters = Readonly<Record<string, unknown>>;

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
export function rows<Row>(db: Database, sql: string, parameters: Parameters = {}): readonly Row[] {
  return prepared(db, sql).all(parameters) as Row[];
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns it selects
export function row<Row>(db: Database, sql: string, parameters: Parameters = {}): Row | undefined {
  return prepared(db, sql).get(parameters) as Row | undefined;
}
