import Database from 'better-sqlite3';
import { countingDefinitions } from '../estate/counting.js';
import { instantOf, positionAt } from '../moments.js';
import type { Slices, ViewBody, ViewDefinition } from '../view.js';
import { inbox } from './inbox.js';
import { LongQueries } from './long-queries.js';
import type { FromReader, Port, QueryMessage, ToReader } from './messages.js';
import { answered, erred } from './questions.js';

const pageCacheKibibytes = 6000;

/** Answers queries on a connection that can only read, one after another and the long ones in slices, until `port` says stop. */
export async function runQueries(
  port: Port<ToReader, FromReader>,
  definitions: readonly ViewDefinition[],
): Promise<void> {
  const byPath = new Map([...definitions, ...countingDefinitions].map((definition) => [definition.path, definition]));
  const db = new Database(':memory:');
  db.pragma('query_only = on');
  const long = new LongQueries();
  for await (const message of inbox(port)) {
    if (message.kind === 'stop') break;
    const { id } = message;
    const tell = (answer: unknown): void => port.postMessage(answered(id, answer));
    const fail = (error: unknown): void => port.postMessage(erred(id, error));
    try {
      const found = answer(db, byPath, message);
      if (isSlices(found)) long.take(() => inTransaction(db, () => found.next())).then(tell, fail);
      else tell(found);
    } catch (error) {
      fail(error);
    }
  }
  long.end();
  db.close();
  port.postMessage({ kind: 'stopped' });
}

function answer(
  db: Database.Database,
  byPath: ReadonlyMap<string, ViewDefinition>,
  message: Exclude<ToReader, { kind: 'stop' }>,
): unknown {
  if (message.kind === 'query') return ask(db, byPath, message);
  if (message.kind === 'moment') return positionAt(db, message.instant);
  // No query comes in between: whoever asked before was answered from the old files, whoever asks after is from the new ones.
  for (const [name, file] of Object.entries(message.files)) attach(db, name, file);
  return null;
}

function attach(db: Database.Database, name: string, file: string): void {
  const known = db.prepare('select 1 from pragma_database_list where name = ?').get(name);
  if (known) db.exec(`detach "${name}"`);
  db.prepare(`attach ? as "${name}"`).run(file);
  db.pragma(`"${name}".cache_size = -${pageCacheKibibytes}`);
}

function ask(
  db: Database.Database,
  byPath: ReadonlyMap<string, ViewDefinition>,
  query: QueryMessage,
): ViewBody | Slices {
  const definition = byPath.get(query.path);
  if (!definition) throw new Error(`no view is called ${query.path}`);
  const { at, input, limit, cursor, roles } = query;
  return inTransaction(db, () => {
    const instant = query.instant ?? instantOf(db, at);
    return definition.run(db, { at, instant, input, limit, cursor, roles });
  });
}

function inTransaction<Answer>(db: Database.Database, read: () => Answer): Answer {
  db.exec('begin');
  try {
    return read();
  } finally {
    db.exec('rollback');
  }
}

function isSlices(found: unknown): found is Slices {
  return typeof found === 'object' && found !== null && Symbol.iterator in found;
}
