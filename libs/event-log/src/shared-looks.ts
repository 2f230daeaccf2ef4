/** Looks at something that moves. Whoever comes while one is under way gets the next one's answer, together with all who came meanwhile: it began after they asked. */
export class SharedLooks {
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<unknown>>();

  /** @param look the same for all who share the key */
  take<T>(key: string, look: () => Promise<T>): Promise<T> {
    const waited = this.next.get(key);
    if (waited) return waited as Promise<T>;
    const before = this.underWay.get(key);
    if (!before) return this.begin(key, look);
    const next = before.then(() => {
      this.next.delete(key);
      return this.begin(key, look);
    });
    this.next.set(key, next);
    return next;
  }

  private begin<T>(key: string, look: () => Promise<T>): Promise<T> {
    const answer = look();
    const over = (): boolean => this.underWay.delete(key);
    this.underWay.set(key, answer.then(over, over));
    return answer;
  }
}
