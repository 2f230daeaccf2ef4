/** Too many callers wait for the same thing. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Runs what shares a key one after another, in the order of arrival, so that neighbours need not conflict and retry. */
export class KeyedQueue {
  private readonly tails = new Map<string, { waiting: number; tail: Promise<unknown> }>();

  constructor(private readonly waitingMax: number) {}

  /** Runs `task` when all earlier tasks of `key` have settled. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.tails.get(key);
    if (!line) {
      const fresh = { waiting: 1, tail: Promise.resolve() as Promise<unknown> };
      this.tails.set(key, fresh);
      return this.follow(key, fresh, task());
    }
    if (line.waiting >= this.waitingMax)
      return Promise.reject(new QueueFull(`${this.waitingMax} requests wait for ${key}`));
    line.waiting++;
    return this.follow(key, line, line.tail.then(task, task));
  }

  private follow<T>(key: string, line: { waiting: number; tail: Promise<unknown> }, result: Promise<T>): Promise<T> {
    const settled = (): void => {
      line.waiting--;
      if (line.waiting === 0) this.tails.delete(key);
    };
    line.tail = result.then(settled, settled);
    return result;
  }
}
