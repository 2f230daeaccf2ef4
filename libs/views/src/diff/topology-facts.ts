import { type Subject, subject } from '#kernel';
import { TopologyAt } from '../estate/topology-at.js';
import { MigrationsAt } from '../migration/migrations-at.js';
import { each, type FactsOf, latest, single, toFacts } from './known-facts.js';

export const sites: FactsOf = (db, at, ids) =>
  toFacts(
    latest<{ site: string }>(db, at, 'topology.site', ['key'], { site: 'site' }, single(ids)),
    ids,
    ({ site }) => ({
      subject: subject.site(site),
      facts: { site },
    }),
  );

export const pools: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  return each(ids, (id) => {
    const known = topology.pool(id);
    if (!known) return undefined;
    const { pool, generation, site, status } = known;
    const itself = subject.pool(pool);
    return { subject: itself, facts: { generation, site, status, ...gateFacts(topology, itself) } };
  });
};

export const deployments: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  const runs = new MigrationsAt(db, at);
  return each(ids, (id) => {
    const known = topology.deployment(id);
    if (!known) return undefined;
    const { deployment, name, generation, homedOn, status } = known;
    const legacyEndpoints = topology.legacyEndpoints(deployment);
    const itself = subject.deployment(deployment);
    const migration = runs.runOf(deployment)?.migration ?? null;
    const facts = { name, generation, homedOn, status, legacyEndpoints, migration, ...gateFacts(topology, itself) };
    return { subject: itself, facts };
  });
};

/** What was attested and waived, gate by gate; whether a waiver has lapsed since is no record. */
function gateFacts(topology: TopologyAt, of: Subject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from(topology.gateRecords(of), ([gate, record]) => [`gate ${gate}`, record]));
}

export const policies: FactsOf = (db, at, ids) => {
  const topology = new TopologyAt(db, at);
  return each(ids, (id) => {
    const known = topology.policy(id);
    return known && { subject: subject.policy(known.policy), facts: { enabled: known.enabled } };
  });
};
