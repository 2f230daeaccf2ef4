import { KeyedQueue } from '#event-log';
import { Pace } from './pace.js';

const waitingMax = 1000;

/**
 * Who may write next: runs take turns batch by batch, in the order of arrival, and whoever pauses or stops one comes between two
 * batches. Between turns single commands have theirs.
 */
export class Turns {
  private readonly queue = new KeyedQueue(waitingMax);
  private readonly pace: Pace;

  /** @param commands how many single commands there were so far */
  constructor(commands: () => number) {
    this.pace = new Pace(commands);
  }

  /** How many rows to decide in the next turn, at most. */
  get rows(): number {
    return this.pace.rows;
  }

  /** A turn of so many rows. @throws {QueueFull} */
  take<T>(rows: number, turn: () => Promise<T>): Promise<T> {
    return this.queue.run('the turn of a run', () => this.pace.turn(rows, turn));
  }
}
