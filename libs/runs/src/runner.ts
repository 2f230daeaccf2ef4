import { setTimeout as sleep } from 'node:timers/promises';
import { type EventCatalogue, write } from '#kernel';
import { type CommandShell, type EventLogReader, RetriesExhausted, type UnitOfWork } from '#event-log';
import { type Batch, decideRows, type Rights } from './decide-rows.js';
import { dueLines } from './due-lines.js';
import { batchRowsMax } from './pace.js';
import { readThrough } from './read-through.js';
import { RowMeta, type Sender } from './row-meta.js';
import type { RunClaims } from './run-claims.js';
import { rowScanner } from './row-scanner.js';
import { type KnownRun, type RowCounts, type Run, type RunEvent, type RunStarted, runStream } from './run.js';
import type { RunFiles } from './run-files.js';
import type { Row, RowGuard, RowReader, RunKind } from './run-kind.js';
import type { Turns } from './turns.js';

export interface RunnerOptions {
  readonly shell: CommandShell;
  readonly log: EventLogReader;
  readonly catalogue: EventCatalogue;
  readonly files: RunFiles;
  /** The run's file is in its place, whole. */
  readonly hasFile: () => Promise<boolean>;
  /** Where other nodes work on runs of this log too. */
  readonly claims: RunClaims | undefined;
  readonly kind: RunKind;
  readonly turns: Turns;
  /** Opened for a run that applies a plan. */
  readonly guard?: ((plan: string, run: string) => RowGuard) | undefined;
  readonly rights?: Rights | undefined;
  /** Aborted when the process is to end: a runner then stops after its batch. */
  readonly signal: AbortSignal;
  /** A run could not go on just now and will try again. */
  readonly onTrouble: (run: string, error: unknown, retryInSeconds: number) => void;
}

/** What reads and watches over the rows of one pass. */
interface Readers {
  readonly rows: RowReader;
  readonly guard: RowGuard | undefined;
}

/** Why a run does not go on just now. */
export interface Trouble {
  /** UTC, ISO 8601: of the first attempt that failed. */
  readonly since: string;
  readonly error: unknown;
}

const retrySecondsMax = 60;
/** A door stays closed until its row is decided, unless others open it meanwhile. */
const doorsMax = 12;

/** Works through one run's file, batch by batch, from where its stream says that it stands. */
export class Runner {
  /** There while every attempt fails. */
  trouble: Trouble | undefined;
  private readonly run: string;
  private readonly meta: RowMeta;
  private batchRows = batchRowsMax;
  private failures = 0;
  private isTrying = false;
  private movedAtMs = 0;
  private waking = new AbortController();

  constructor(
    private readonly options: RunnerOptions,
    private readonly started: RunStarted['data'],
    private readonly sender: Sender,
  ) {
    this.run = started.run;
    this.meta = new RowMeta(this.run, sender, options.kind.command);
  }

  /**
   * Until the run is over or paused, another node works on it, or the process is to end. Whatever goes wrong is told and tried again, from
   * the last batch on record.
   */
  async toEnd(): Promise<void> {
    const { claims } = this.options;
    if (!claims) return this.work();
    const signs = setInterval(() => void this.showLife(claims), claims.pace.signMs);
    try {
      await this.work();
    } finally {
      clearInterval(signs);
    }
  }

  private async work(): Promise<void> {
    const { signal, files } = this.options;
    while (!signal.aborted) {
      try {
        this.isTrying = true;
        const end = await this.goOn();
        if (end === 'over' || end === 'lost') return await files.unmark(this.run);
        if (end === 'paused') return;
      } catch (error) {
        this.isTrying = false;
        if (!signal.aborted) await this.waitAfter(error);
      }
    }
    await this.release();
  }

  /**
   * What is recorded of a run is a sign of life, so this is for the time in which nothing is. A run that can't go on here shows none: another
   * node may be able to.
   */
  private async showLife(claims: RunClaims): Promise<void> {
    const isDue = this.isTrying && performance.now() - this.movedAtMs >= claims.pace.signMs;
    if (!isDue || this.options.signal.aborted) return;
    // A sign that does not come through is one that others don't see, and that is all that it is.
    await this.options.turns.take(0, () => claims.renew(this.run)).catch(() => undefined);
  }

  /** Where that fails, others find out by themselves. */
  private async release(): Promise<void> {
    await this.options.claims?.release(this.run).catch(() => undefined);
  }

  /** Tries at once what it would try later: the run was told something. */
  wake(): void {
    this.waking.abort();
    this.waking = new AbortController();
  }

  private async waitAfter(failure: unknown): Promise<void> {
    const { signal, onTrouble } = this.options;
    this.failures++;
    this.trouble = { since: this.trouble?.since ?? new Date().toISOString(), error: failure };
    const seconds = Math.min(2 ** (this.failures - 1), retrySecondsMax);
    onTrouble(this.run, failure, seconds);
    const woken = AbortSignal.any([signal, this.waking.signal]);
    await sleep(seconds * 1000, undefined, { signal: woken }).catch(() => undefined);
  }

  private async goOn(): Promise<'over' | 'paused' | 'lost' | 'moved' | 'interrupted'> {
    const { files, kind, guard, claims, signal } = this.options;
    const state = await this.state();
    if (state?.state !== 'running') return state?.state === 'paused' ? 'paused' : 'over';
    if (claims && (await claims.claimOf(this.run))?.node !== claims.node) return 'lost';
    if (!(await this.options.hasFile())) return this.stop(state, 'because its file is gone or was changed');
    const isDue = await this.dueIn(state);
    const { format, parameters, plan } = this.started;
    if (plan !== undefined && !guard) throw new Error('nobody watches over the rows of plans');
    const readers: Readers = {
      rows: kind.open(parameters),
      guard: plan === undefined ? undefined : guard?.(plan, this.run),
    };
    await this.survey(readers);
    let { through } = state;
    let rows: Row[] = [];
    let number = 0;
    for await (const scanner of readThrough(files.path(this.run), rowScanner(format.form, kind)))
      while (scanner.next()) {
        number++;
        if (number > state.through && isDue(number, scanner.line)) rows.push(scanner.row(number));
        while (rows.length >= this.batch || (number === state.total && rows.length > 0)) {
          if (signal.aborted) return 'interrupted';
          const decided = await this.decide(rows.slice(0, this.batch), { ...state, through }, readers);
          if (decided === 'moved') return 'moved';
          through = rows[decided - 1]?.number ?? through;
          rows = rows.slice(decided);
        }
      }
    if (number !== state.total) return this.stop(state, 'because its file was changed');
    return this.finish(state);
  }

  /** Rows to decide next. */
  private get batch(): number {
    return Math.min(this.batchRows, this.options.turns.rows);
  }

  private async survey({ rows: reader, guard }: Readers): Promise<void> {
    const { files, kind } = this.options;
    if (!reader.survey) return;
    if (guard) {
      for await (const rows of guard.decided(kind)) reader.survey(rows);
      return;
    }
    let number = 0;
    for await (const scanner of readThrough(files.path(this.run), rowScanner(this.started.format.form, kind)))
      while (scanner.next()) reader.survey([scanner.row(++number)]);
  }

  /** Which rows this pass takes, by number and file line. */
  private async dueIn({ retries, reached }: KnownRun): Promise<(number: number, line: number) => boolean> {
    if (retries === 0) return () => true;
    const { log, catalogue } = this.options;
    const due = await dueLines(this.run, retries, log, catalogue);
    return (number, line) => number > reached || due.has(line);
  }

  /** How many of the rows are on record now, or that the run stands elsewhere than was thought. */
  private async decide(rows: readonly Row[], after: KnownRun, readers: Readers): Promise<number | 'moved'> {
    const { guard } = readers;
    await guard?.prepare(rows);
    const read = await readers.rows.read(rows);
    const { rights, claims } = this.options;
    const asDecided = readers.rows.fromRowAlone ?? false;
    const batch = { run: this.run, after, rows, read, meta: this.meta, guard, asDecided, rights, claims };
    try {
      const decided = await this.options.turns.take(rows.length, () => this.decideBatch(batch));
      this.failures = 0;
      this.movedAtMs = performance.now();
      this.trouble = undefined;
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
    // What has moved since a row was decided is found out by deciding it anew.
    let asDecided = batch.asDecided ?? false;
    const decide = (unit: UnitOfWork): ReturnType<typeof decideRows> => {
      const tried = decideRows(unit, { ...batch, asDecided });
      asDecided = false;
      return tried;
    };
    for (let doors = 0; doors <= doorsMax; doors++) {
      const { value } = await this.options.shell.batch(this.sender.actor, decide);
      if (!value.doorClosed) return value.rows;
    }
    throw new Error(`line ${batch.rows[0]?.line} wants a door closed again and again`);
  }

  private async state(): Promise<Run> {
    return this.options.shell.begin(this.sender.actor, false).load(runStream(this.run));
  }

  /** Whoever has decided the file's last row has finished the run; a pass may end before that row. */
  private async finish(pass: KnownRun): Promise<'over'> {
    const { run, kind, total } = this.started;
    await this.end(pass, (counts) => ({ type: 'RunFinished', data: { run, kind, total, counts } }));
    return 'over';
  }

  private async stop(pass: KnownRun, because: string): Promise<'over'> {
    const { run, kind, total } = this.started;
    await this.end(pass, (counts) => ({ type: 'RunStopped', data: { run, kind, total, counts, because } }));
    return 'over';
  }

  private async end({ retries }: KnownRun, event: (counts: RowCounts) => RunEvent): Promise<void> {
    const stream = runStream(this.run);
    const { claims, shell } = this.options;
    await shell.batch(this.sender.actor, async (unit) => {
      const state = await unit.load(stream);
      if (claims && !(await claims.holds(unit, this.run))) return;
      if (state?.state === 'running' && state.retries === retries)
        await unit.record(write(stream, event(state.counts)), this.meta.ofRun());
    });
  }
}
