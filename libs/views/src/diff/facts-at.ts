import type { Database } from 'better-sqlite3';
import { type Subject, subject } from '#kernel';
import { addIns, categories, rooms } from './content-facts.js';
import type { FactsOf, KnownFacts } from './known-facts.js';
import { estate, findingFacts, migrations } from './migration-facts.js';
import { tokens } from './token-facts.js';
import { deployments, policies, pools, sites } from './topology-facts.js';
import { users } from './user-facts.js';

/** The facts of these subjects, named ignoring case, as they stood at a position. */
export function factsAt(db: Database, at: number, subjects: readonly Subject[]): ReadonlyMap<Subject, KnownFacts> {
  const found = new Map<Subject, KnownFacts>();
  const byKind = Map.groupBy(subjects, (each) => (each === subject.estate ? each : each.slice(0, each.indexOf(':'))));
  for (const [kind, ofKind] of byKind) {
    const said = findingFacts(db, at, ofKind);
    const factsOf = factsByKind.get(kind);
    if (!factsOf) throw new Error(`nobody knows where facts of the kind ${kind} are recorded`);
    const ids = ofKind.map((each) => each.slice(kind.length + 1));
    for (const [id, { subject: itself, facts }] of factsOf(db, at, ids)) {
      const asked = kind === subject.estate ? kind : `${kind}:${id}`;
      found.set(asked, { subject: itself, facts: { ...facts, ...said.get(asked) } });
    }
  }
  return found;
}

/** Where the facts of each kind of subject are recorded. */
const factsByKind: ReadonlyMap<string, FactsOf> = new Map([
  ['site', sites],
  ['pool', pools],
  ['deployment', deployments],
  ['policy', policies],
  ['user', users],
  ['category', categories],
  ['room', rooms],
  ['add-in', addIns],
  ['migration', migrations],
  ['estate', estate],
  ['token', tokens],
]);
