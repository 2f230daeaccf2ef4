import type { BatchEvent, ReadModel } from './read-model.js';
import type { Followed } from './follower.js';

/**
 * A read model and the one that takes its place. Both take every event until nobody reads the old one any more, so whoever reads finds in
 * either what the position promises.
 */
export class Succession implements Followed {
  constructor(
    readonly old: ReadModel,
    readonly next: ReadModel,
  ) {}

  get projection() {
    return this.next.projection;
  }

  get position() {
    return this.lower.position;
  }

  get events() {
    return this.lower.events;
  }

  get recordedAt() {
    return this.lower.recordedAt;
  }

  /** What stops the old one does not matter any more. */
  get failure() {
    return this.next.failure;
  }

  take(batch: readonly BatchEvent[]): void {
    this.old.take(batch);
    this.next.take(batch);
  }

  private get lower(): ReadModel {
    return this.old.position <= this.next.position ? this.old : this.next;
  }
}
