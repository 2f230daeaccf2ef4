import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { write } from '#kernel';
import { type CommandShell, RetriesExhausted } from '#event-log';
import { type Batch, decideRows } from './decide-rows.js';
import { readThrough } from './read-through.js';
import { RowMeta, type Sender } from './row-meta.js';
import { rowScanner } from './row-scanner.js';
import { type Run, type RowCounts, type RunEvent, type RunStarted, runStream } from './run.js';
import type { RunFiles } from './run-files.js';
import type { Row, RowGuard, RowReader, RunKind } from './run-kind.js';

export interface RunnerOptions {
  readonly shell: CommandShell;
  readonly files: RunFiles;
  readonly kind: RunKind;
  /** Opened for a run that applies a plan. */
  readonly guard?: ((plan: string, run: string) => RowGuard) | undefined;
  /** Aborted when the process is to end: a runner then stops after its batch. */
  readonly signal: AbortSignal;
  /** A run could not go on just now and will try again. */
  readonly onTrouble: (run: string, error: unknown, retryInSeconds: number) => void;
}

/** Rows decided together: enough for one flush of the disk to serve many, few enough that a single command need not wait long. */
export const batchRowsMax = 250;
const retrySecondsMax = 60;
/** A door stays closed until its row is decided, unless others open it meanwhile. */
const doorsMax = 12;

/** Works through one run's file, batch by batch, from where its stream says that it stands. */
export class Runner {
  private readonly run: string;
  private readonly meta: RowMeta;
  private batchRows = batchRowsMax;
  private failures = 0;

  constructor(
    private readonly options: RunnerOptions,
    private readonly started: RunStarted['data'],
    private readonly sender: Sender,
  ) {
    this.run = started.run;
    this.meta = new RowMeta(this.run, sender, options.kind.command);
  }

  /** Until the run is over or the process is to end. Whatever goes wrong is told and tried again, from the last batch on record. */
  async toEnd(): Promise<void> {
    const { signal, files, onTrouble } = this.options;
    while (!signal.aborted) {
      try {
        if ((await this.goOn()) === 'over') return await files.unmark(this.run);
      } catch (error) {
        if (signal.aborted) return;
        this.failures++;
        const seconds = Math.min(2 ** (this.failures - 1), retrySecondsMax);
        onTrouble(this.run, error, seconds);
        await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async goOn(): Promise<'over' | 'moved' | 'interrupted'> {
    const { files, kind, guard, signal } = this.options;
    const state = await this.state();
    if (state?.state !== 'running') return 'over';
    if ((await files.size(this.run)) !== this.started.file.size)
      return this.stop('because its file is gone or was changed');
    if (state.total === 0) return this.finishEmpty();
    const { format, parameters, plan } = this.started;
    const rowReader = kind.open(parameters);
    if (plan !== undefined && !guard) throw new Error('nobody watches over the rows of plans');
    const rowGuard = plan === undefined ? undefined : guard?.(plan, this.run);
    let rows: Row[] = [];
    let number = 0;
    for await (const scanner of readThrough(files.path(this.run), rowScanner(format.form, kind)))
      while (scanner.next()) {
        number++;
        if (number > state.through) rows.push(scanner.row(number));
        while (rows.length >= this.batchRows || (number === state.total && rows.length > 0)) {
          if (signal.aborted) return 'interrupted';
          const decided = await this.decide(rows.slice(0, this.batchRows), rowReader, rowGuard);
          if (decided === 'moved') return 'moved';
          rows = rows.slice(decided);
          await nextTurn();
        }
      }
    // Whoever has decided the last row has finished the run: there is nothing to stop then.
    return this.stop('because its file was changed');
  }

  /** How many of the rows are on record now, or that the run stands elsewhere than was thought. */
  private async decide(
    rows: readonly Row[],
    reader: RowReader,
    guard: RowGuard | undefined,
  ): Promise<number | 'moved'> {
    await guard?.prepare(rows);
    const read = await reader.read(rows);
    const batch = { run: this.run, rows, read, meta: this.meta, guard };
    try {
      const decided = await this.decideBatch(batch);
      this.failures = 0;
      this.batchRows = Math.min(this.batchRows * 2, batchRowsMax);
      return decided === 0 ? 'moved' : decided;
    } catch (error) {
      // Others go on changing what these rows rest on: fewer rows rest on less.
      if (!(error instanceof RetriesExhausted) || rows.length === 1) throw error;
      this.batchRows = Math.ceil(rows.length / 2);
      return 0;
    }
  }

  private async decideBatch(batch: Batch): Promise<number> {
    for (let doors = 0; doors <= doorsMax; doors++) {
      const { value } = await this.options.shell.batch(this.sender.actor, (unit) => decideRows(unit, batch));
      if (!value.doorClosed) return value.rows;
    }
    throw new Error(`line ${batch.rows[0]?.line} wants a door closed again and again`);
  }

  private async state(): Promise<Run> {
    return this.options.shell.begin(this.sender.actor, false).load(runStream(this.run));
  }

  private async finishEmpty(): Promise<'over'> {
    const { run, kind, total } = this.started;
    await this.end((counts) => ({ type: 'RunFinished', data: { run, kind, total, counts } }));
    return 'over';
  }

  private async stop(because: string): Promise<'over'> {
    const { run, kind, total } = this.started;
    await this.end((counts) => ({ type: 'RunStopped', data: { run, kind, total, counts, because } }));
    return 'over';
  }

  private async end(event: (counts: RowCounts) => RunEvent): Promise<void> {
    const stream = runStream(this.run);
    await this.options.shell.batch(this.sender.actor, async (unit) => {
      const state = await unit.load(stream);
      if (state?.state === 'running') await unit.record(write(stream, event(state.counts)), this.meta.ofRun());
    });
  }
}
