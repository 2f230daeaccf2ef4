import { Follower, type FollowerOptions } from './follower.js';
import { Gauges } from './gauges.js';
import type { Failure } from './messages.js';
import { ReadModel } from './read-model.js';
import { Succession } from './succession.js';

/** The followers of one thread and the read models that serve, by name. */
export interface Serving {
  readonly models: Map<string, ReadModel>;
  readonly followers: Follower[];
}

/** Puts rebuilt read models in the place of those that serve: first both follow, then the old ones go. */
export class Successions {
  private readonly open = new Map<string, { readonly succession: Succession; readonly follower: Follower }>();
  /** Filled files that do not have as much as the serving ones yet. */
  private readonly coming = new Set<ReadModel>();

  constructor(
    private readonly serving: Serving,
    private readonly options: FollowerOptions,
    private readonly folder: string,
  ) {}

  /** Follows with a filled file beside the serving one. Resolves when it has as much; with what it failed at otherwise. */
  async adopt(name: string, path: string): Promise<Failure | undefined> {
    const old = this.serving.models.get(name);
    if (!old) throw new Error(`this thread has no projection ${name}`);
    const next = ReadModel.adopt(old.projection, path, this.folder);
    old.settle();
    if (next.position >= old.position) this.join(old, next);
    else await this.catchUp(old, next);
    if (next.failure) next.remove();
    return next.failure;
  }

  /** The old read models are read by nobody any more. Answers with what the new one has failed at meanwhile. */
  release(name: string): Failure | undefined {
    const { succession, follower } = this.taken(name);
    const { old, next } = succession;
    next.serve();
    this.serving.models.set(name, next);
    follower.replace(succession, next);
    old.remove();
    next.removeOthers(this.folder);
    return next.failure;
  }

  /** The old read model goes on alone. */
  abandon(name: string): void {
    if (!this.open.has(name)) return;
    const { succession, follower } = this.taken(name);
    const { old, next } = succession;
    follower.replace(succession, old);
    next.remove();
  }

  /** Where the views are closed in between, the next start finds both files. */
  close(): void {
    for (const { succession } of this.open.values()) succession.next.close();
    for (const next of this.coming) next.close();
    this.open.clear();
  }

  private async catchUp(old: ReadModel, next: ReadModel): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const alone: Follower = new Follower([next], {
      ...this.options,
      // Of its own: what serves is still the old one.
      gauges: Gauges.of([old.projection.name]),
      onBatch: () => {
        old.settle();
        if (next.failure || next.position < old.position || this.open.has(old.projection.name)) return;
        void alone.stop();
        this.join(old, next);
        resolve();
      },
      onFailed: () => resolve(),
      onCaughtUp: () => undefined,
    });
    this.coming.add(next);
    this.serving.followers.push(alone);
    await promise;
    this.coming.delete(next);
    await alone.stop();
    this.serving.followers.splice(this.serving.followers.indexOf(alone), 1);
  }

  /** Both have settled. In one turn: no batch comes between the look at both positions and this. */
  private join(old: ReadModel, next: ReadModel): void {
    const succession = new Succession(old, next);
    const { followers } = this.serving;
    let follower = followers.find((each) => each.replace(old, succession));
    if (!follower) followers.push((follower = new Follower([succession], { ...this.options, onBatch: undefined })));
    this.open.set(old.projection.name, { succession, follower });
  }

  private taken(name: string) {
    const open = this.open.get(name);
    if (!open) throw new Error(`the projection ${name} has no successor`);
    this.open.delete(name);
    return open;
  }
}
