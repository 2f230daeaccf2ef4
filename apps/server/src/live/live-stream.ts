import type { ServerResponse } from 'node:http';

/** What may wait in memory for a client that reads slower than the log grows; then it is let go, and resumes by itself. */
const waitingBytesMax = 256 * 1024;
const retryMs = 2000;

export interface LiveMessage {
  readonly position: bigint;
  readonly subjects: readonly string[];
}

/** One client's server-sent events: in order, each position once. */
export class LiveStream {
  private catchingUp: LiveMessage[] | undefined = [];

  constructor(
    private readonly response: ServerResponse,
    private sent: bigint,
  ) {
    response.write(`retry: ${retryMs}\n\n`);
  }

  get ended(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  /** From the views, as they advance. Kept back while the client is still being told what it missed. */
  advanced(message: LiveMessage): void {
    if (this.catchingUp) {
      const last = this.catchingUp.at(-1);
      if (this.catchingUp.length >= 1000 && last)
        this.catchingUp[this.catchingUp.length - 1] = { ...message, subjects: ['estate'] };
      else this.catchingUp.push(message);
    } else this.send(message);
  }

  /** What is good only now. A client that is behind goes without: it asks `/api/projections`. */
  tell(event: string, data: object): void {
    if (!this.ended && !this.response.writableNeedDrain)
      this.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Something that the client missed. Resolves when it has room for more. */
  async missed(message: LiveMessage): Promise<void> {
    this.send(message);
    if (this.response.writableNeedDrain) await new Promise<void>((resolve) => this.afterDrain(resolve));
  }

  caughtUp(): void {
    const waiting = this.catchingUp ?? [];
    this.catchingUp = undefined;
    for (const message of waiting) this.send(message);
  }

  beat(): void {
    if (!this.ended) this.response.write(': still here\n\n');
  }

  end(): void {
    this.response.end();
  }

  private send({ position, subjects }: LiveMessage): void {
    if (this.ended || position <= this.sent) return;
    this.sent = position;
    this.response.write(`id: ${position}\ndata: ${JSON.stringify({ position: `${position}`, subjects })}\n\n`);
    if (this.response.writableLength > waitingBytesMax) this.response.destroy();
  }

  private afterDrain(resolve: () => void): void {
    const settle = (): void => {
      this.response.off('drain', settle).off('close', settle);
      resolve();
    };
    this.response.on('drain', settle).on('close', settle);
  }
}
