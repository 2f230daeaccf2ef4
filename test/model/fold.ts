import type { RecordedEvent } from '#event-log';
import type { Counting, EventCatalogue, Tally } from '#kernel';
import { apply, knownType } from './apply.js';
import { deploymentsHomed, usersHomed } from './gate-rules.js';
import { emptyWorld, same, type World } from './world.js';

/** Whether an event is a fact of the domain: not an audit entry, nor bookkeeping. */
export function isFact(catalogue: EventCatalogue, { type }: Pick<RecordedEvent, 'type'>): boolean {
  const descriptor = catalogue[type];
  if (!descriptor) throw new Error(`no context knows the event ${type}`);
  if (descriptor.internal || type === 'CommandRefused') return false;
  if (!knownType(type)) throw new Error(`the model knows no event ${type}`);
  return true;
}

/** The world that these events tell of. */
export function fold(catalogue: EventCatalogue, events: Iterable<RecordedEvent>): World {
  const world = emptyWorld();
  for (const event of events)
    if (isFact(catalogue, event)) apply(world, event, { at: event.recordedAt, by: event.meta.actor.id });
  return world;
}

/** Counts by folding the whole log for each question. */
export function countingByFolding(read: () => Promise<World>): Counting {
  const tally = (kind: string, ids: readonly string[]): Tally => ({
    count: ids.length,
    offenders: ids.map((id) => `${kind}:${id}`),
  });
  return {
    policyHolders: async (policy) =>
      (await read()).users.filter((user) => !user.retired && same(user.granted, policy)).length,
    usersHomed: async (pool) => tally('user', usersHomed(await read(), pool)),
    deploymentsHomed: async (pool) => tally('deployment', deploymentsHomed(await read(), pool)),
    clientsConnected: async (deployment) =>
      tally(
        'user',
        (await read()).users
          .filter(({ connections }) => connections.some((each) => each.deployment === deployment))
          .map(({ user }) => user),
      ),
    contentElsewhere: async (kind, name, not) => {
      const { categories, rooms, addIns } = await read();
      const named = {
        category: categories.map(({ deployment, category }) => ({ deployment, name: category })),
        room: rooms.map(({ deployment, room }) => ({ deployment, name: room })),
        'add-in': addIns.map(({ deployment, addIn }) => ({ deployment, name: addIn })),
      }[kind];
      return named.find((each) => each.deployment !== not && same(each.name, name))?.deployment ?? null;
    },
  };
}
