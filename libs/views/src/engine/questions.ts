import type { Answered, Port, Thrown } from './messages.js';

/** A message that has an answer, as it is asked. */
export type Question<Message> = Message extends { readonly id: number } ? Omit<Message, 'id'> : never;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a thread is asked, each question with its answer. How many there may be is for who asks to know. */
export class Questions<Out extends { readonly kind: string }> {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private ended: Error | undefined;

  constructor(private readonly port: Port<{ readonly kind: string }, Out>) {
    port.on('message', (message) => this.hear(message as Answered));
  }

  /** Those without an answer yet. */
  get count(): number {
    return this.waiting.size;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the asker knows what its question is answered with
  ask<Answer>(question: Question<Out>): Promise<Answer> {
    if (this.ended) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.postMessage({ ...question, id } as unknown as Out);
    }) as Promise<Answer>;
  }

  /** No more answers come. */
  end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }

  private hear(message: Answered): void {
    if (message.kind !== 'answered' && message.kind !== 'erred') return;
    const asker = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answered') asker?.resolve(message.answer);
    else asker?.reject(Object.assign(new Error(message.error.message), message.error));
  }
}

export function answered(id: number, answer: unknown): Answered {
  return { kind: 'answered', id, answer };
}

export function erred(id: number, error: unknown): Answered {
  return { kind: 'erred', id, error: thrown(error) };
}

function thrown(error: unknown): Thrown {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, ...(stack !== undefined && { stack }) };
}

/** The port's next message of this kind. */
export function heard<In extends { readonly kind: string }, Kind extends In['kind']>(
  port: Port<In, never>,
  kind: Kind,
): Promise<Extract<In, { readonly kind: Kind }>> {
  return new Promise((resolve) => {
    const listener = (message: In): void => {
      if (message.kind !== kind) return;
      port.off('message', listener);
      resolve(message as Extract<In, { readonly kind: Kind }>);
    };
    port.on('message', listener);
  });
}
