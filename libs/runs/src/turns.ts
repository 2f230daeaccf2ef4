import { KeyedQueue } from '#event-log';

const waitingMax = 1000;

/**
 * Who may write next: runs take turns batch by batch, in the order of arrival, and whoever pauses or stops one comes between two
 * batches.
 */
export class Turns {
  private readonly queue = new KeyedQueue(waitingMax);

  /** @throws {QueueFull} */
  take<T>(turn: () => Promise<T>): Promise<T> {
    return this.queue.run('the turn of a run', turn);
  }
}
