import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { CountHistory, countSchema, countsAt } from './count-history.js';

const spec = { table: 'held', columns: ['kind', 'place'] };
const kinds = ['rooms', null, 'add-ins'];

interface Step {
  readonly gap: number;
  readonly kind: number;
  readonly change: 1 | -1;
  readonly ends: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    // Two things may change at one position.
    gap: fc.nat(3),
    kind: fc.nat(kinds.length - 1),
    change: fc.constantFrom(1, -1),
    ends: fc.boolean(),
  }),
  { minLength: 1, maxLength: 250 },
);

function written(taken: readonly Step[], endsBatch: (step: Step) => boolean, reopens: boolean): Database.Database {
  const db = new Database(':memory:');
  db.exec(countSchema(spec));
  let history = new CountHistory(db, spec);
  let position = 0;
  for (const step of taken) {
    position += step.gap;
    history.add(position, history.id(kinds[step.kind] ?? null, 'here'), step.change);
    if (!endsBatch(step)) continue;
    history.flush();
    if (reopens) history = new CountHistory(db, spec);
  }
  history.flush();
  return db;
}

test('each count is told as of every position', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (taken, reopens) => {
      const db = written(taken, ({ ends }) => ends, reopens);
      const select = db.prepare(countsAt(spec, 'main'));
      const end = taken.reduce((sum, { gap }) => sum + gap, 0);
      for (let at = -1; at <= end + 1; at++) {
        const counts = new Map<string | null, number>();
        let position = 0;
        for (const { gap, kind, change } of taken) {
          position += gap;
          const name = kinds[kind] ?? null;
          counts.set(name, (counts.get(name) ?? 0) + (position <= at ? change : 0));
        }
        const told = select.all({ at }) as { kind: string | null; place: string; count: number }[];
        expect(new Map(told.map(({ kind, count }) => [kind, count]))).toEqual(counts);
      }
    }),
    { numRuns: 30 },
  );
});

test('what is written does not depend on the batches', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const rows = (db: Database.Database) =>
        ['held', 'held_count'].map((table) => db.prepare(`select * from ${table}`).all());
      const atOnce = rows(written(taken, () => false, false));
      expect(rows(written(taken, ({ ends }) => ends, true))).toEqual(atOnce);
      expect(rows(written(taken, () => true, false))).toEqual(atOnce);
    }),
    { numRuns: 30 },
  );
});
