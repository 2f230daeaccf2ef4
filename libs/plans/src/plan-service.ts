import { randomUUID } from 'node:crypto';
import { type EventCatalogue, write } from '#kernel';
import type { GenerationOf } from '#powershell';
import { type CommandContext, type CommandShell, type EventLogReader, LogUnavailable, type Position } from '#event-log';
import {
  assertPromised,
  csvMediaTypes,
  fileBytesMax,
  formOf,
  jsonLinesMediaType,
  orNoRoom,
  receiveFile,
  RowMeta,
  rowScanner,
  RunFiles,
  type RunKind,
  type RunService,
  type Sender,
  type Upload,
} from '#runs';
import { changesAfter, isContent } from './content-moved.js';
import { movedByContent } from './content-stale.js';
import { PlanClosed, PlanStale, TooManyPlans } from './errors.js';
import { type Asked, type MadePlan, makePlan } from './make-plan.js';
import { movedSince } from './moved-since.js';
import { planScript } from './plan-script.js';
import { type KnownPlan, plainFormat, planStream } from './plan.js';
import { readPlanned } from './planned-rows.js';
import { noRows, runFile } from './run-file.js';
import { cellsOf, RowForm, rowsIn, rowsKept, userRows } from './rows.js';

/** Filters of the view of users, as texts. */
export type UserFilter = Readonly<Record<string, string>>;

/** The SIP addresses of the users that pass, as of a position, some at a time. */
export type UsersPassing = (filter: UserFilter, position: Position) => AsyncIterable<readonly string[]>;

export interface PlanServiceOptions {
  readonly dataDir: string;
  readonly log: EventLogReader;
  readonly shell: CommandShell;
  readonly catalogue: EventCatalogue;
  readonly kinds: readonly RunKind[];
  readonly runs: RunService;
  readonly users: UsersPassing;
  /** How long a plan may be applied. */
  readonly hours: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A command for each of many users. */
export interface ForUsers {
  /** `HomeUser` */
  readonly command: string;
  /** The kind of its files. */
  readonly kind: string;
  /** All of its fields but the user. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly users: UserFilter;
}

const plansAtOnceMax = 2;
const msPerHour = 3_600_000;
const closeMsMax = 4000;

/** Plans: what commands would do, decided as runs decide them, kept, and applied as runs. */
export class PlanService {
  private readonly files: RunFiles;
  private readonly now: () => number;
  private making = 0;
  private readonly closing = new AbortController();

  constructor(private readonly options: PlanServiceOptions) {
    this.files = new RunFiles(options.dataDir);
    this.now = options.now ?? Date.now;
  }

  /** @throws {TooManyPlans} {@link LogUnavailable} */
  forUsers({ command, kind: kindName, fields, users }: ForUsers, sender: Sender): Promise<MadePlan> {
    const kind = this.kindOf(kindName);
    const cells = cellsOf(fields);
    const rowForm = new RowForm(kind, ['user', ...Object.keys(cells)]);
    const rows = (position: Position) => userRows(rowForm, Object.values(cells), this.options.users(users, position));
    const source = { command, fields, for: { users } };
    const format = plainFormat('csv');
    return this.make({ kind, parameters: {}, source, format, typeLine: null, rowForm, rows }, sender);
  }

  /**
   * Plans what a file would do, sent as it would be sent to be run.
   * @throws {TooManyPlans} {@link BadFile} {@link FileTooLarge} {@link WrongMediaType} {@link LogUnavailable}
   */
  async forFile(kindName: string, upload: Upload, sender: Sender): Promise<MadePlan> {
    const kind = this.kindOf(kindName);
    const form = formOf(kind, upload.contentType);
    assertPromised(upload);
    const id = randomUUID();
    const path = this.files.partPath(id);
    try {
      await this.files.prepare();
      const { name = null, parameters = {} } = upload;
      const file = await receiveFile(upload.body, path, rowScanner(form, kind), fileBytesMax);
      const { size, sha256, header, format, typeLine } = file;
      const source = { file: { name, size, sha256 } };
      const rows = () => rowsIn(path, form, kind);
      const rowForm = new RowForm(kind, header);
      return await this.make({ kind, parameters, source, format, typeLine, rowForm, rows }, sender);
    } catch (error) {
      throw orNoRoom(error);
    } finally {
      await this.files.discard(id);
    }
  }

  /**
   * Plans the same on what holds by now: for the users that pass the filter by now, or for the rows of the file.
   * @throws {TooManyPlans} {@link LogUnavailable}
   */
  again(before: KnownPlan, sender: Sender): Promise<MadePlan> {
    const { plan, kind: kindName, source, parameters, format, typeLine, columns } = before;
    if ('command' in source) {
      const { command, fields } = source;
      return this.forUsers({ command, kind: kindName, fields, users: source.for.users }, sender);
    }
    const { log, catalogue } = this.options;
    const kind = this.kindOf(kindName);
    const rowForm = new RowForm(kind, columns);
    const rows = () => rowsKept(rowForm, readPlanned(log, catalogue, plan));
    return this.make({ kind, parameters, source, format, typeLine, rowForm, rows }, sender);
  }

  /** As it stands; undefined where it is unknown. */
  async find(plan: string, sender: Sender): Promise<KnownPlan | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(plan)) return undefined;
    return (await this.options.shell.begin(sender.actor, false).load(planStream(plan))) ?? undefined;
  }

  /**
   * Starts the run of the rows that were planned as done. A key that came with the same plan and body before gives the run of then.
   * @throws {PlanClosed} {@link PlanStale} {@link TooManyPlans} {@link TooManyRuns} {@link LogUnavailable} {@link KeyReused}
   */
  async apply(
    plan: KnownPlan,
    hash: string,
    sender: Sender,
    key?: CommandContext['key'],
  ): Promise<{ readonly run: string }> {
    const { log, catalogue, runs } = this.options;
    const applied = { plan: plan.plan, asked: key?.body };
    const before = key && (await runs.runOfKey(this.kindOf(plan.kind), applied, sender.actor, key.key));
    if (before !== undefined) return { run: before };
    this.assertOpen(plan, hash);
    await this.assertUnmoved(plan, sender);
    const { format, parameters, kind, counts } = plan;
    const isCsv = format.form === 'csv';
    // JSON lines can't say that there is no row.
    const isEmptyCsv = !isCsv && counts.done === 0;
    const upload: Upload = {
      body: isEmptyCsv ? noRows(this.kindOf(kind)) : runFile(log, catalogue, plan),
      contentType: isCsv || isEmptyCsv ? csvMediaTypes[0] : jsonLinesMediaType,
      name: `plan ${plan.plan}`,
      parameters,
      plan: {
        ...applied,
        record: async (unit, run) => {
          const stream = planStream(plan.plan);
          const state = await unit.load(stream);
          if (state) this.assertOpen(state, hash);
          const data = { plan: plan.plan, hash, run, rows: counts.done };
          const meta = new RowMeta(randomUUID(), sender, 'ApplyPlan').ofRun();
          await unit.record(write(stream, { type: 'PlanApplied', data }), meta);
        },
      },
    };
    return runs.start(kind, upload, sender, key?.key);
  }

  /** Who may send its rows may have it made anew and apply it. */
  roleOf({ kind }: KnownPlan): RunKind['role'] {
    return this.kindOf(kind).role;
  }

  /** Plans that are not made by then are given up: whoever waits for one is told to ask again. */
  close(waitMs = closeMsMax): void {
    const giveUp = (): void => this.closing.abort(new LogUnavailable('the server is stopping', 5));
    setTimeout(giveUp, waitMs).unref();
  }

  /** What it does, as a script of the servers' own cmdlets. */
  script(plan: KnownPlan, generationOf: GenerationOf): AsyncIterable<string> {
    return planScript(this.options.log, this.options.catalogue, plan, generationOf);
  }

  /** @throws {PlanClosed} */
  private assertOpen({ plan, hash, appliedBy, expiresAt }: KnownPlan, named: string): void {
    if (hash !== named)
      throw new PlanClosed(
        `the hash is not that of the plan ${plan}; read the plan and apply what you have seen`,
        plan,
      );
    if (appliedBy !== null)
      throw new PlanClosed(`the plan was applied before, by the run ${appliedBy}`, plan, appliedBy);
    if (this.now() >= Date.parse(expiresAt))
      throw new PlanClosed(`the plan expired at ${expiresAt}; make a fresh one and look at it again`, plan);
  }

  /** @throws {PlanStale} {@link TooManyPlans} */
  private async assertUnmoved(plan: KnownPlan, sender: Sender): Promise<void> {
    const { log, catalogue, shell } = this.options;
    const since = {
      plan: plan.plan,
      rows: Object.values(plan.counts).reduce((sum, count) => sum + count, 0),
      position: BigInt(plan.position),
      isApart: isContent,
    };
    const { moved, apart } = await movedSince(log, catalogue, since);
    if (moved.count > 0) throw new PlanStale(plan.plan, moved);
    const changed = await changesAfter(log, catalogue, apart);
    if (changed.size === 0) return;
    const kind = this.kindOf(plan.kind);
    const rowForm = new RowForm(kind, plan.columns);
    const rows = () => rowsKept(rowForm, readPlanned(log, catalogue, plan.plan));
    const asked = { kind, parameters: plan.parameters, rows };
    const { signal } = this.closing;
    const unit = shell.begin(sender.actor, true);
    const movedRows = await this.oneOfFew(() =>
      movedByContent(log, catalogue, plan.plan, changed, { asked, unit, signal }),
    );
    if (movedRows.count > 0) throw new PlanStale(plan.plan, movedRows);
  }

  private make(asked: Asked, sender: Sender): Promise<MadePlan> {
    const { log, shell, catalogue, hours } = this.options;
    const expiresAt = (): string => new Date(this.now() + hours * msPerHour).toISOString();
    return this.oneOfFew(() =>
      makePlan(asked, sender, { log, shell, catalogue, expiresAt, signal: this.closing.signal }),
    );
  }

  /** Decides all rows of a plan, which takes a while. @throws {TooManyPlans} */
  private async oneOfFew<T>(decide: () => Promise<T>): Promise<T> {
    if (this.making >= plansAtOnceMax) throw new TooManyPlans(plansAtOnceMax);
    this.making++;
    try {
      return await decide();
    } finally {
      this.making--;
    }
  }

  private kindOf(name: string): RunKind {
    const kind = this.options.kinds.find(({ kind }) => kind === name);
    if (!kind) throw new Error(`no kind of run is called ${name}`);
    return kind;
  }
}
