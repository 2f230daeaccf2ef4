import { MessageChannel } from 'node:worker_threads';
import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import { runBuilder } from './builder.js';
import { runProjector } from './projector.js';
import type { Builder } from './builders.js';
import { runQueries } from './reader.js';
import { Views, type ViewsOptions } from './views.js';

export interface InProcessOptions extends ViewsOptions {
  readonly folder: string;
  /** Not closed with the views. */
  readonly log: EventLogReader;
  readonly catalogue: EventCatalogue;
}

/** The views without threads: the same code, its messages going through channels. For specs. */
export async function openViewsInProcess(options: InProcessOptions): Promise<Views> {
  const { folder, log, catalogue, definitions, threads } = options;
  const channels: MessageChannel[] = [];
  const channel = (): MessageChannel => {
    const made = new MessageChannel();
    channels.push(made);
    return made;
  };
  let tell: (error: Error) => void = () => undefined;
  const watch = (running: Promise<void>): void => {
    running.catch((error: unknown) => tell(error as Error));
  };
  const projectors = threads.map((projections) => {
    const { port1, port2 } = channel();
    watch(runProjector(port2, log, projections, folder, catalogue));
    return port1;
  });
  const hire = (): Builder => {
    const { port1, port2 } = channel();
    const running = runBuilder(port2, log, threads.flat(), folder, catalogue);
    return {
      port: port1,
      onEnd: (listener) => void running.catch(listener),
      dismiss: () => running.catch(() => undefined),
    };
  };
  const { port1, port2 } = channel();
  watch(runQueries(port2, definitions));
  return await Views.over(options, {
    projectors,
    reader: port1,
    hire,
    onEnd: (listener) => (tell = listener),
    dismiss: async () => {
      for (const { port1: near, port2: far } of channels) {
        near.close();
        far.close();
      }
    },
  });
}
