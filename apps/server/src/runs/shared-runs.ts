import { randomUUID } from 'node:crypto';
import type { RunSharing } from '#runs';
import { runsUnderWay, type RunsUnderWay, type Views, ViewNotMade } from '#views';
import type { Logger } from '../operations/logger.js';

/** How this process works on runs beside other nodes. */
export function sharedRuns(views: Views, logger: Logger): RunSharing {
  const node = randomUUID();
  return {
    node,
    underWay: async () => {
      try {
        return ((await views.query(runsUnderWay.path, { input: {} })).body as RunsUnderWay).runs;
      } catch (error) {
        // On a new data folder nothing is known for a while; others look meanwhile.
        if (error instanceof ViewNotMade) return [];
        throw error;
      }
    },
    onTakenOver: (run, from) => logger.warn({ run, from, node }, 'a run goes on here that another node has left'),
    onTrouble: (error) => logger.warn({ err: error }, 'runs of other nodes cannot be looked at just now'),
  };
}
