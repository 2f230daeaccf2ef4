export type ProjectionState = 'live' | 'rebuilding' | 'failed';

const states: readonly ProjectionState[] = ['rebuilding', 'live', 'failed'];
const slot = { position: 0, events: 1, recordedAt: 2, state: 3, length: 4 } as const;

/** How far each projection has come, in memory that all threads share: telling costs no message, waiting no polling. */
export class Gauges {
  private readonly values: BigInt64Array;

  constructor(
    readonly names: readonly string[],
    readonly buffer: SharedArrayBuffer,
  ) {
    this.values = new BigInt64Array(buffer);
  }

  static of(names: readonly string[]): Gauges {
    const gauges = new Gauges(
      names,
      new SharedArrayBuffer(names.length * slot.length * BigInt64Array.BYTES_PER_ELEMENT),
    );
    for (const name of names) Atomics.store(gauges.values, gauges.at(name, 'position'), -1n);
    return gauges;
  }

  /** The last event it has; -1n before the first. What it says is committed and can be read. */
  position(name: string): bigint {
    return Atomics.load(this.values, this.at(name, 'position'));
  }

  /** Events it has seen. */
  events(name: string): bigint {
    return Atomics.load(this.values, this.at(name, 'events'));
  }

  /** When the last event it has was recorded; ms since 1970, 0n before the first. Never ahead of `position`. */
  recordedAt(name: string): bigint {
    return Atomics.load(this.values, this.at(name, 'recordedAt'));
  }

  state(name: string): ProjectionState {
    return states[Number(Atomics.load(this.values, this.at(name, 'state')))] ?? 'rebuilding';
  }

  advance(name: string, position: bigint, events: number, recordedAt: number): void {
    Atomics.store(this.values, this.at(name, 'events'), BigInt(events));
    Atomics.store(this.values, this.at(name, 'position'), position);
    Atomics.store(this.values, this.at(name, 'recordedAt'), BigInt(recordedAt));
    Atomics.notify(this.values, this.at(name, 'position'));
  }

  become(name: string, state: ProjectionState): void {
    Atomics.store(this.values, this.at(name, 'state'), BigInt(states.indexOf(state)));
    Atomics.notify(this.values, this.at(name, 'state'));
  }

  /** True once the projection has the position; false when the deadline (ms since 1970) has passed before. */
  async reach(name: string, position: bigint, deadline: number): Promise<boolean> {
    return await this.until(this.at(name, 'position'), (current) => current >= position, deadline);
  }

  /** True once the projection is live or has failed; false when the deadline (ms since 1970) has passed before. */
  async settled(name: string, deadline: number): Promise<boolean> {
    return await this.until(this.at(name, 'state'), (current) => states[Number(current)] !== 'rebuilding', deadline);
  }

  private async until(index: number, right: (current: bigint) => boolean, deadline: number): Promise<boolean> {
    for (;;) {
      const current = Atomics.load(this.values, index);
      if (right(current)) return true;
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await Atomics.waitAsync(this.values, index, current, left).value;
    }
  }

  private at(name: string, field: keyof typeof slot): number {
    const row = this.names.indexOf(name);
    if (row < 0) throw new Error(`no projection is called ${name}; there are ${this.names.join(', ')}`);
    return row * slot.length + slot[field];
  }
}
