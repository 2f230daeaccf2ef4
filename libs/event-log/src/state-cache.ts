import { LRUCache } from 'lru-cache';
import type { Revision } from './event-log.js';

/** A stream's folded state and the revision it holds for. */
export interface Folded {
  readonly state: unknown;
  readonly revision: Revision;
}

/** Folded states of the streams used last. Optimistic: a conflict evicts what had moved, and it is read anew. */
export class StateCache {
  private readonly entries: LRUCache<string, Folded>;

  constructor(entriesMax: number) {
    this.entries = new LRUCache({ max: entriesMax });
  }

  get(stream: string): Folded | undefined {
    return this.entries.get(stream);
  }

  /** Keeps the newer of what is there and what is given: a slow read must not undo a later append. */
  put(stream: string, folded: Folded): void {
    const known = this.entries.get(stream);
    if (!known || known.revision < folded.revision) this.entries.set(stream, folded);
  }

  /** Forgets what is older than what the log has; an append of this process may have brought it up to date already. */
  evict(stream: string, actual: Revision | 'no-stream'): void {
    const known = this.entries.get(stream);
    if (known && (actual === 'no-stream' || known.revision < actual)) this.entries.delete(stream);
  }
}
