import type { Actor } from '#kernel';
import { KeyedQueue } from '#event-log';
import { fetchFromLog, keepInLog } from './file-in-log.js';
import type { ReceivedFile } from './receive-file.js';
import type { RunFiles } from './run-files.js';
import type { RunServiceOptions } from './run-options.js';
import type { RunStarted } from './run.js';

const waitingMax = 100;

/** The files of runs, which nodes that share a log find in it. */
export class SharedFiles {
  /** One after another for one run. */
  private readonly fetches = new KeyedQueue(waitingMax);

  constructor(
    private readonly files: RunFiles,
    private readonly options: Pick<RunServiceOptions, 'shell' | 'log' | 'catalogue' | 'sharing'>,
  ) {}

  /** The file of a run is in its place, whole; where the log has it, it is brought from there. */
  has({ run, file }: Pick<RunStarted['data'], 'run' | 'file'>): Promise<boolean> {
    return this.fetches.run(run, async () => {
      if ((await this.files.size(run)) === file.size) return true;
      const { log, catalogue, sharing } = this.options;
      if (!sharing) return false;
      await this.files.prepare();
      if (!(await fetchFromLog(this.files.partPath(run), file, log, catalogue))) return false;
      await this.files.put(run);
      return true;
    });
  }

  /** Puts a file where every node finds it. */
  async share(run: string, file: ReceivedFile, actor: Actor, meta: string): Promise<void> {
    const { shell, sharing } = this.options;
    if (sharing) await keepInLog(this.files.path(run), file, shell, actor, meta);
  }
}
