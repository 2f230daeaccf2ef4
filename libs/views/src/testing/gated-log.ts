import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordedEvent } from '#event-log';
import { MemoryLog } from './memory-log.js';

/** A log whose reader comes to a gate and waits there. Who begins behind it, or follows, does not. */
export class GatedLog extends MemoryLog {
  /** The last position before the gate. */
  gate: Position = 1n << 60n;

  override async *readAll(after: Position): AsyncGenerator<readonly RecordedEvent[]> {
    let from = after;
    for await (const page of super.readAll(after)) {
      const before = from > this.gate ? page : page.filter(({ position }) => position <= this.gate);
      if (before.length > 0) yield before;
      while (before.length < page.length && (page.at(-1)?.position ?? 0n) > this.gate) await sleep(2);
      if (before.length < page.length) yield page.slice(before.length);
      from = page.at(-1)?.position ?? from;
    }
  }
}
