import type { EventLogReader, EventMeta, RecordedEvent } from '#event-log';
import { type Actor, canonicalJson } from '#kernel';
import { type CarryOverTask, migrationStream } from '#migration';

/** Acts by itself: nobody's token. */
export const carrier: Actor = { id: 'system', name: 'Homeward', roles: [], via: 'system' };

const answeredType: Readonly<Record<CarryOverTask, string>> = {
  'carry-over': 'DataImported',
  'take-back': 'MigrationRolledBack',
};

/** The metadata of the batches that answer an import or a rollback: each is an act of its own, caused by that event. */
export class BatchMeta {
  private constructor(
    private readonly migration: string,
    private readonly task: CarryOverTask,
    private readonly cause: RecordedEvent,
  ) {}

  static async of(log: EventLogReader, migration: string, task: CarryOverTask): Promise<BatchMeta> {
    const stream = migrationStream(migration).name;
    for await (const page of log.readStream(stream))
      for (const event of page) if (event.type === answeredType[task]) return new BatchMeta(migration, task, event);
    throw new Error(`${stream} has no ${answeredType[task]}, though its ${task} is due`);
  }

  /** Canonical JSON. */
  ofBatch(batch: number): string {
    const { id, name, roles, via } = carrier;
    const meta: EventMeta = {
      actor: { id, name, roles, via },
      command: null,
      reason: null,
      ticket: null,
      commandId: `${this.migration}:${this.task}:${batch}`,
      correlationId: this.cause.meta.correlationId,
      causationId: this.cause.id,
      client: { ip: null, agent: null },
    };
    return canonicalJson(meta);
  }
}
