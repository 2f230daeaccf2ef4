import type { Port } from './messages.js';

/** A port's messages one after another; those that come early wait. Ends when the loop over it is left. */
export async function* inbox<In>(port: Port<In, never>): AsyncGenerator<In, void, undefined> {
  const waiting: In[] = [];
  let wake: (() => void) | undefined;
  const listener = (message: In): void => {
    waiting.push(message);
    wake?.();
  };
  port.on('message', listener);
  try {
    for (;;) {
      const message = waiting.shift();
      if (message !== undefined) yield message;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    port.off('message', listener);
  }
}
