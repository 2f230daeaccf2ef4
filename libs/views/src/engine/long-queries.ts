import { setImmediate as nextTurn } from 'node:timers/promises';
import { ViewsBusy } from '../errors.js';

/** So many are worked on in turn. */
const workedOnMax = 4;
/** Beside the short ones, which do not wait for them. */
const waitingMax = 32;

/** Works off long queries slice by slice, and lets others in between. */
export class LongQueries {
  private readonly waiting: (() => void)[] = [];
  private workedOn = 0;
  private ended = false;

  /** @throws {ViewsBusy} */
  async take<Answer>(slice: () => IteratorResult<undefined, Answer>): Promise<Answer> {
    if (this.waiting.length >= waitingMax) throw new ViewsBusy(waitingMax);
    if (this.workedOn >= workedOnMax) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.workedOn++;
    try {
      for (;;) {
        if (this.ended) throw new Error('the views are closed');
        const next = slice();
        if (next.done) return next.value;
        await nextTurn();
      }
    } finally {
      const following = this.waiting.shift();
      if (following) following();
      else this.workedOn--;
    }
  }

  end(): void {
    this.ended = true;
  }
}
