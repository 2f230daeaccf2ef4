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
    const { old, next } = this;
    return old.failure || next.position < old.position ? next.position : old.position;
  }

  get shown() {
    return this.lower.shown;
  }

  /** What stops the old one does not matter any more. */
  get failure() {
    return this.next.failure;
  }

  take(batch: readonly BatchEvent[]): void {
    this.old.take(batch);
    this.next.take(batch);
  }

  settle(): void {
    this.old.settle();
    this.next.settle();
  }

  private get lower(): ReadModel {
    return this.old.shown.position <= this.next.shown.position ? this.old : this.next;
  }
}
