import { describeEvents, type DomainEvent, neverEvent, type StreamRef, streamOf, type StreamType } from '#kernel';

export type CarryOverTask = 'carry-over' | 'take-back';

interface Task {
  readonly migration: string;
  readonly task: CarryOverTask;
}
/** In the same append as what makes it due: nothing has to be searched for after a crash. */
export type CarryOverDue = DomainEvent<'CarryOverDue', Task>;
/** In the same append as the last batch, where there is one. */
export type CarryOverSettled = DomainEvent<'CarryOverSettled', Task>;
export type CarryOverQueueEvent = CarryOverDue | CarryOverSettled;

const internally = { schemaVersion: 1, subjects: () => [], internal: true } as const;

export const carryOverQueueEvents = describeEvents<CarryOverQueueEvent>({
  CarryOverDue: { ...internally, say: ({ migration, task }) => `made the ${task} of ${migration} due` },
  CarryOverSettled: { ...internally, say: ({ migration, task }) => `settled the ${task} of ${migration}` },
});

/** What is due, by migration, in the order in which it became due. */
export type CarryOverQueue = ReadonlyMap<string, CarryOverTask>;

const queues: StreamType<CarryOverQueue, CarryOverQueueEvent> = {
  category: 'carryover',
  initial: new Map(),
  evolve: (state, { type, data: { migration, task } }) => {
    const next = new Map(state);
    switch (type) {
      case 'CarryOverDue':
        next.delete(migration);
        return next.set(migration, task);
      case 'CarryOverSettled':
        if (next.get(migration) === task) next.delete(migration);
        return next;
      default:
        return neverEvent(type);
    }
  },
};

/** One stream for all migrations: they are few. */
export const carryOverQueue: StreamRef<CarryOverQueue, CarryOverQueueEvent> = streamOf(queues, 'queue');
