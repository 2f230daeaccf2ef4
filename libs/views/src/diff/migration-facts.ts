import type { Database } from 'better-sqlite3';
import { type Subject, subject } from '#kernel';
import { MigrationsAt } from '../migration/migrations-at.js';
import { rows } from '../storage/prepared.js';
import { each, type FactsOf } from './known-facts.js';

export const migrations: FactsOf = (db, at, ids) => {
  const known = new MigrationsAt(db, at);
  return each(ids, (id) => {
    const run = known.run(id)?.run;
    if (!run) return undefined;
    const { migration, source, target, contentCutoff, lookupUri, deletedAccounts, closed, inspected } = run;
    const { sourceBackup, targetBackup, sourceStopped, targetStopped } = run;
    const { exported, dryRun, imported, files, verification } = run;
    const steps = { exported, dryRun, imported, files, verification };
    const { remaining, categories, rooms, addIns } = known.progress(id);
    return {
      subject: subject.migration(migration),
      facts: {
        ...{ source, target, contentCutoff, lookupUri, sourceBackup, targetBackup, sourceStopped, targetStopped },
        ...Object.fromEntries(Object.entries(steps).map(([step, data]) => [step, data && recorded(data)])),
        ...{ inspected, deletedAccounts: deletedAccounts.toSorted(), closed },
        carriedOver: remaining === null ? null : { categories, rooms, addIns },
      },
    };
  });
};

/** What an event of a migration tells beside which one it is. */
function recorded({ migration: _migration, ...data }: { readonly migration: string }): object {
  return data;
}

/** What was said of findings, by subject; whether a waiver has lapsed since is no record. */
export function findingFacts(
  db: Database,
  at: number,
  subjects: readonly Subject[],
): ReadonlyMap<Subject, Readonly<Record<string, unknown>>> {
  const said = rows<{ subject: Subject; finding: string; record: string }>(
    db,
    `select f.subject, f.finding, f.record from json_each(@subjects) s
     cross join migrations.finding f on f.subject = s.value and f.valid_from <= @at and f.valid_to > @at`,
    { at, subjects: JSON.stringify(subjects) },
  );
  const bySubject = Map.groupBy(said, (each) => each.subject);
  return new Map(
    Array.from(bySubject, ([about, ofIt]) => [
      about,
      Object.fromEntries(ofIt.map(({ finding, record }) => [`finding ${finding}`, JSON.parse(record)])),
    ]),
  );
}

/** There is one, and all that is recorded of it itself is what was said of its findings. */
export const estate: FactsOf = (db, at) =>
  new Map(
    findingFacts(db, at, [subject.estate])
      .keys()
      .map((id) => [id, { subject: subject.estate, facts: {} }]),
  );
