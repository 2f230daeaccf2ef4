import type { RecordedEvent } from '#event-log';
import { apply } from '../model/apply.js';
import { isFact } from '../model/fold.js';
import { decide } from '../model/model.js';
import type { Step } from '../model/sequences.js';
import { deploymentOf, emptyWorld, poolOf, policyOf, type World } from '../model/world.js';
import { catalogue, plain } from '../rig.js';

/**
 * Reads a log as if its commands had been sent one after another, each at the place of its facts: what the model would not
 * have done there, or what stands against a rule afterwards, is a fault.
 */
export function faultsOf(events: readonly RecordedEvent[], commands: ReadonlyMap<string, Step>): string[] {
  const world = emptyWorld();
  const faults: string[] = [];
  for (const facts of byCommand(events.filter((event) => isFact(catalogue, event)))) {
    const { recordedAt, meta, position } = facts[0]!;
    const sent = commands.get(meta.commandId);
    if (!sent) throw new Error(`nobody sent the command of event ${position}`);
    const verdict = decide(world, sent.command, sent.fields, recordedAt);
    const [would, did] = [verdict.events, facts].map((each) =>
      JSON.stringify(each.map((event) => plain(event)).toSorted(byText)),
    );
    if (would !== did) {
      const why = verdict.outcome === 'refused' ? verdict.refusals.map(({ rule }) => rule).join(', ') : (would ?? '');
      faults.push(
        `at ${position}, ${sent.command} ${JSON.stringify(sent.fields)} did ${did}, but: ${verdict.outcome} ${why}`,
      );
    }
    for (const event of facts) apply(world, event, { at: recordedAt, by: meta.actor.id });
    faults.push(...brokenRules(world).map((broken) => `after ${position}: ${broken}`));
  }
  return faults;
}

const byText = (a: object, b: object): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

/** What no world may show, whatever led to it. */
function brokenRules(world: World): string[] {
  const active = world.users.filter(({ retired }) => !retired);
  return [
    ...active
      .filter((user) => poolOf(world, user.pool)?.decommissioned)
      .map(({ user }) => `${user} is homed on a decommissioned pool`),
    ...active
      .filter(({ granted }) => granted !== null && !policyOf(world, granted))
      .map(({ user }) => `${user} holds a removed policy`),
    ...world.users
      .filter(({ connections }) =>
        connections.some(({ deployment }) => deploymentOf(world, deployment)?.decommissioned),
      )
      .map(({ user }) => `${user} is connected to a decommissioned deployment`),
    ...world.deployments
      .filter(({ homedOn, decommissioned }) => !decommissioned && poolOf(world, homedOn)?.decommissioned)
      .map(({ deployment }) => `${deployment} is homed on a decommissioned pool`),
    ...twice(
      'endpoint',
      world.deployments.flatMap(({ endpoints }) => endpoints),
    ),
    ...twice(
      'pool',
      world.pools.map(({ pool }) => pool),
    ),
    ...twice(
      'site',
      world.sites.map(({ site }) => site),
    ),
    ...twice(
      'policy',
      world.policies.map(({ policy }) => policy),
    ),
    ...twice(
      'user',
      world.users.map(({ user }) => user),
    ),
    ...twice('name of a category or room', [
      ...world.categories.map(({ deployment, category }) => `${deployment}/${category}`),
      ...world.rooms.map(({ deployment, room }) => `${deployment}/${room}`),
    ]),
    ...world.rooms
      .filter(
        ({ deployment, category }) =>
          !world.categories.some((each) => each.deployment === deployment && each.category === category),
      )
      .map(({ room }) => `${room} lies in no category`),
  ];
}

function twice(what: string, names: readonly string[]): string[] {
  const folded = names.map((name) => name.toLowerCase());
  return folded
    .filter((name, index) => folded.indexOf(name) !== index)
    .map((name) => `the ${what} ${name} is there twice`);
}

/** Neighbours of one command belong together. */
function byCommand(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const groups: RecordedEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last?.[0]?.meta.commandId === event.meta.commandId) last.push(event);
    else groups.push([event]);
  }
  return groups;
}
