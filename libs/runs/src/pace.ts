import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** Rows decided together: enough for one flush of the disk to serve many, few enough that a single command need not wait long. */
export const batchRowsMax = 250;
const batchRowsMin = 25;
/** So many single commands a second are worth stepping back for, and a handful is not. */
const busyPerSecond = 50;
const busyCommandsMin = 10;
/** In one turn while others work, in ms of the processor: whoever comes meanwhile waits no longer than this. */
const workMsMax = 4;
/** After each while others work. */
const restMsPerMs = 1;
const restMsMax = 100;
/** A shorter while tells nothing about how busy it is. */
const lookMsMin = 100;

/** The time as it passes, and the time that this thread has worked, in ms; a rest of 0 ms is one turn of the event loop. */
export interface Clock {
  readonly nowMs: () => number;
  readonly workedMs: () => number;
  readonly rest: (ms: number) => Promise<unknown>;
}

const clockOfHere: Clock = {
  nowMs: () => performance.now(),
  workedMs: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
  rest: (ms) => (ms > 0 ? sleep(ms) : nextTurn()),
};

/** Keeps runs out of the way of single commands, and lets them run where there are none. */
export class Pace {
  /** What to decide in the next turn. */
  rows = batchRowsMax;
  private isBusy = false;
  private looked: { readonly atMs: number; readonly commands: number };

  /** @param commands how many single commands there were so far */
  constructor(
    private readonly commands: () => number,
    private readonly clock = clockOfHere,
  ) {
    this.looked = { atMs: clock.nowMs(), commands: commands() };
  }

  /** Works for one turn on so many rows, and rests after it where others have to be served. */
  async turn<T>(rows: number, work: () => Promise<T>): Promise<T> {
    const { nowMs, workedMs } = this.clock;
    const [begunMs, workedBeforeMs] = [nowMs(), workedMs()];
    try {
      return await work();
    } finally {
      await this.rest(rows, workedMs() - workedBeforeMs, nowMs() - begunMs);
    }
  }

  private async rest(rows: number, workedMs: number, tookMs: number): Promise<void> {
    this.look();
    if (!this.isBusy) this.rows = batchRowsMax;
    else if (rows > 0)
      this.rows = Math.min(batchRowsMax, Math.max(batchRowsMin, Math.floor((rows / workedMs) * workMsMax)));
    await this.clock.rest(this.isBusy ? Math.min(tookMs * restMsPerMs, restMsMax) : 0);
  }

  private look(): void {
    const { atMs, commands } = this.looked;
    const nowMs = this.clock.nowMs();
    if (nowMs - atMs < lookMsMin) return;
    this.looked = { atMs: nowMs, commands: this.commands() };
    const served = this.looked.commands - commands;
    this.isBusy = served >= busyCommandsMin && served / ((nowMs - atMs) / 1000) >= busyPerSecond;
  }
}
