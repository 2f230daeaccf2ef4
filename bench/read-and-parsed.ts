import Database from 'better-sqlite3';

/** Events a second: the rows of a log's file read, and JSON.parse of each, in order, by one thread. */
export function readAndParsed(file: string): number {
  const db = new Database(file, { readonly: true });
  const events = db.prepare<[], string>('select event from events order by position').pluck();
  let count = 0;
  const started = performance.now();
  for (const event of events.iterate()) {
    JSON.parse(event);
    count++;
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  return count / seconds;
}
