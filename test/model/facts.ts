import { runOfSource } from './migration-views.js';
import { originOf } from './views.js';
import type { Run, World } from './world.js';

type Facts = Readonly<Record<string, unknown>>;
interface Known {
  readonly subject: string;
  readonly facts: Facts;
}

export interface Difference {
  readonly subject: string;
  readonly change: string;
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

/** What is recorded of everything in a world, by subject ignoring case. */
function factsOf(world: World, byName: string): ReadonlyMap<string, Known> {
  const all: Known[] = [];
  const add = (subject: string, facts: Facts) => void all.push({ subject, facts });
  const status = ({ sealed, decommissioned }: { sealed: boolean; decommissioned: boolean }) =>
    decommissioned ? 'decommissioned' : sealed ? 'sealed' : 'active';
  const gates = (subject: string): Facts => {
    const records: Record<string, Record<string, unknown>> = {};
    for (const { gate, said, words, expiresAt, by, at } of world.saidOfGates.filter(
      (each) => each.subject === subject,
    )) {
      const who = { by: { id: by, name: byName }, at };
      records[`gate ${gate}`] = {
        ...(records[`gate ${gate}`] ?? { attested: null, waived: null }),
        [said]: said === 'attested' ? { evidence: words, ...who } : { reason: words, expiresAt, ...who },
        last: said,
      };
    }
    return records;
  };
  const findings = (subject: string): Facts => {
    const records: Record<string, Record<string, unknown>> = {};
    for (const { finding, said, words, expiresAt, by, at } of world.saidOfFindings.filter(
      (each) => each.subject === subject,
    )) {
      const who = { by: { id: by, name: byName }, at };
      records[`finding ${finding}`] = {
        ...(records[`finding ${finding}`] ?? { resolved: null, waived: null }),
        [said]: said === 'resolved' ? { resolution: words, ...who } : { reason: words, expiresAt, ...who },
        last: said,
      };
    }
    return records;
  };
  for (const { site } of world.sites) add(`site:${site}`, { site });
  for (const { pool, generation, site, ...doors } of world.pools)
    add(`pool:${pool}`, { generation, site, status: status(doors), ...gates(`pool:${pool}`) });
  for (const { deployment, generation, homedOn, name, endpoints, ...doors } of world.deployments) {
    const migration = runOfSource(world, deployment)?.migration ?? null;
    const facts = {
      generation,
      homedOn,
      name,
      migration,
      legacyEndpoints: endpoints.toSorted(),
      status: status(doors),
    };
    add(`deployment:${deployment}`, { ...facts, ...gates(`deployment:${deployment}`) });
  }
  for (const { policy, enabled } of world.policies) add(`policy:${policy}`, { enabled });
  for (const { user, connections, ...facts } of world.users)
    add(`user:${user}`, { ...facts, clients: connections.toSorted((a, b) => (a.client < b.client ? -1 : 1)) });
  const from = (kind: string, deployment: string, name: string): Facts => ({
    carriedOverFrom: originOf(world, kind, deployment, name),
  });
  for (const { deployment, category, ...facts } of world.categories)
    add(`category:${deployment}/${category}`, { ...facts, ...from('category', deployment, category) });
  for (const { deployment, room, ...facts } of world.rooms)
    add(`room:${deployment}/${room}`, { ...facts, ...from('room', deployment, room) });
  for (const { deployment, addIn, ...facts } of world.addIns)
    add(`add-in:${deployment}/${addIn}`, { ...facts, ...from('add-in', deployment, addIn) });
  for (const run of world.runs) add(`migration:${run.migration}`, runFacts(run));
  if (world.saidOfFindings.some(({ subject }) => subject === 'estate')) add('estate', {});
  return new Map(
    all.map(({ subject, facts }) => [subject.toLowerCase(), { subject, facts: { ...facts, ...findings(subject) } }]),
  );
}

function runFacts(run: Run): Facts {
  const { source, target, contentCutoff, lookupUri, backups, stopped, exported, inspected, dryRun, imported } = run;
  const { files, verification, deletedAccounts, closed, carried, hasCarried } = run;
  return {
    ...{ source, target, contentCutoff, lookupUri, exported, inspected, dryRun, imported, files, verification, closed },
    sourceBackup: backups['source'] ?? null,
    targetBackup: backups['target'] ?? null,
    sourceStopped: stopped.source,
    targetStopped: stopped.target,
    deletedAccounts: deletedAccounts.toSorted(),
    carriedOver: hasCarried ? carried : null,
  };
}

/** What differs between two whole worlds, found by comparing everything. `byName` is everybody's name. */
export function differences(before: World, after: World, byName: string): Difference[] {
  const [old, now] = [factsOf(before, byName), factsOf(after, byName)];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const names = new Set([...Object.keys(was?.facts ?? {}), ...Object.keys(is?.facts ?? {})]);
    const fields = [...names].toSorted().flatMap((field) => {
      const [a, b] = [was?.facts[field] ?? null, is?.facts[field] ?? null];
      return sorted(a) === sorted(b) || (isNothing(a) && isNothing(b)) ? [] : [{ field, before: a, after: b }];
    });
    const change = was ? (is ? 'changed' : 'removed') : 'added';
    return fields.length === 0 ? [] : [{ subject: (is ?? was)!.subject, change, fields }];
  });
}

/** What comes or goes with nothing in a list is told without the list. */
const isNothing = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);

/** A value's text, whatever the order of its members. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
