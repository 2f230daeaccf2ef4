import type { Subject } from '#kernel';

/** One command as somebody sends it. */
export interface Sent {
  readonly command: string;
  readonly fields: Readonly<Record<string, any>>;
  readonly by: string;
}

interface Room {
  readonly name: string;
  readonly tooLong: boolean;
  excluded: boolean;
}

interface Import {
  readonly migration: string;
  readonly carried: ReadonlySet<string>;
  readonly counts: string;
}

export type Told = 'done' | 'unchanged' | readonly string[];

/** Contract §2.3, as plainly as it can be said: all that was done, and every rule a look through it. */
export class NaiveMigrations {
  private readonly done: Sent[] = [];
  private readonly imports: Import[] = [];
  readonly rooms: Record<string, Room[]>;

  constructor(
    private readonly categories: number,
    sources: readonly string[],
    private readonly targetHolds: boolean,
  ) {
    this.rooms = Object.fromEntries(sources.map((source) => [source, []]));
  }

  send(sent: Sent): Told {
    const told = this.judge(sent);
    if (told === 'done') {
      if (sent.command === 'RecordImport') this.imports.push(this.carry(sent.fields['migration'] as string));
      this.done.push(sent);
      this.change(sent);
    }
    return told;
  }

  private judge(sent: Sent): Told {
    const { command, fields } = sent;
    if (command === 'PlanMigration') return this.plan(fields);
    if (/Room$/.test(command)) return this.room(sent);
    const run = fields['migration'] as string;
    if (!this.planned(run)) return ['migration.unknown'];
    const closed = this.last(run, /^(CompleteMigration|RollBackMigration)$/);
    if (command === 'RollBackMigration') return this.rollBack(run, fields);
    if (command === 'CompleteMigration') {
      if (closed) return closed.command === command ? 'unchanged' : ['migration.rolled-back'];
    } else if (closed) return ['migration.closed'];
    return this.step(sent, run);
  }

  private step({ command, fields, by }: Sent, run: string): Told {
    const imported = this.last(run, /^RecordImport$/);
    const exported = this.last(run, /^RecordExport$/);
    const since = (name: RegExp) => exported && this.last(run, name, this.done.indexOf(exported));
    const inspected = since(/^ApproveInspection$/);
    const dryRun = since(/^RecordDryRun$/);
    const target = this.last(run, /^(Stop|Start)Services$/, -1, { side: 'target' });
    const targetStopped = target?.command === 'StopServices';
    const sourceStopped = this.last(run, /^StopServices$/, -1, { side: 'source' });
    const same = (name: string) => isSame(this.last(run, new RegExp(`^${name}$`))?.fields, fields);
    const say = (held: boolean | undefined, ...rules: (string | false | undefined)[]): Told => {
      if (held) return 'unchanged';
      const refused = rules.filter((rule): rule is string => typeof rule === 'string');
      return refused.length > 0 ? refused : 'done';
    };
    switch (command) {
      case 'RecordBackup':
        return say(isSame(this.last(run, /^RecordBackup$/, -1, { side: fields['side'] })?.fields, fields));
      case 'StopServices':
        if (fields['side'] === 'target')
          return say(targetStopped, this.holder() !== undefined && this.holder() !== run && 'migration.target-busy');
        return say(
          sourceStopped !== undefined,
          !this.last(run, /^RecordBackup$/, -1, { side: 'source' }) && 'migration.no-source-backup',
        );
      case 'StartServices':
        if (fields['side'] === 'source') return say(!sourceStopped, 'migration.source-stays-stopped');
        return say(
          imported && this.holder() === undefined,
          !imported && 'migration.not-imported',
          this.holder() !== undefined && this.holder() !== run && 'migration.target-busy',
        );
      case 'RecordExport':
        return say(
          !imported && same(command),
          !sourceStopped && 'migration.source-running',
          this.errors(run).length > 0 && 'migration.findings-open',
          imported && 'migration.already-imported',
        );
      case 'ApproveInspection':
        return say(
          inspected !== undefined,
          !exported && 'migration.not-exported',
          exported?.by === by && 'approval.same-person',
        );
      case 'RecordDryRun':
        return say(
          !imported && isSame(dryRun?.fields, fields),
          !inspected && 'migration.not-inspected',
          !targetStopped && 'migration.target-running',
          imported && 'migration.already-imported',
        );
      case 'RecordImport':
        return say(
          same(command),
          !(dryRun && dryRun.fields['errors'] + dryRun.fields['warnings'] === 0) && 'migration.dry-run-not-clean',
          !imported &&
            (this.targetHolds || this.heldByOthers(run)) &&
            !this.last(run, /^RecordBackup$/, -1, { side: 'target' }) &&
            'migration.no-target-backup',
          !targetStopped && 'migration.target-running',
          imported && 'migration.already-imported',
        );
      case 'RecordFilesCopied':
      case 'DeleteLookupAccount':
        return say(
          command === 'DeleteLookupAccount' ? this.isDeleted(run, fields['uri']) : same(command),
          !imported && 'migration.not-imported',
        );
      case 'RecordVerification':
        return say(
          same(command),
          !imported && 'migration.not-imported',
          this.holder() !== undefined && 'migration.target-stopped',
        );
      case 'CompleteMigration': {
        const verified = this.last(run, /^RecordVerification$/);
        const uri = this.planned(run)!.fields['lookupUri'] as string | undefined;
        return say(
          false,
          !verified && 'migration.not-verified',
          verified?.fields['conflicts'] > 0 && 'migration.conflicts-open',
          this.errors(run).length > 0 && 'migration.findings-open',
          !this.last(run, /^RecordFilesCopied$/) && 'migration.files-not-copied',
          this.unaccounted(run) > 0 && 'migration.rooms-unaccounted',
          uri !== undefined && !this.isDeleted(run, uri) && 'migration.lookup-account-exists',
        );
      }
      default:
        throw new Error(`the model knows no command ${command}`);
    }
  }

  private plan(fields: Sent['fields']): Told {
    const { migration, source } = fields;
    const known = this.planned(migration);
    if (known && isSame(known.fields, fields)) return 'unchanged';
    const has = this.done.find(
      ({ command, fields: { migration: id, source: of } }) =>
        command === 'PlanMigration' && of === source && id !== migration && !this.last(id, /^RollBackMigration$/),
    );
    const refused = [...(known ? ['migration.exists'] : []), ...(has ? ['migration.source-has-run'] : [])];
    return refused.length > 0 ? refused : 'done';
  }

  private rollBack(run: string, { acceptLossOfNewMessages }: Sent['fields']): Told {
    if (this.last(run, /^RollBackMigration$/)) return 'unchanged';
    const ran = this.last(run, /^StartServices$/, -1, { side: 'target' });
    return ran && acceptLossOfNewMessages !== true ? ['migration.loss-not-accepted'] : 'done';
  }

  private room({ command, fields: { deployment, room, category } }: Sent): Told {
    const known = this.rooms[deployment]!.find(({ name }) => name === room);
    if (command === 'AddRoom' && known)
      return known.tooLong === (category !== 'Trading') ? 'unchanged' : ['content.exists'];
    if (command === 'AddRoom') return 'done';
    if (!known) return ['content.unknown-room'];
    if (command === 'RemoveRoom') return 'done';
    if (known.excluded === (command === 'ExcludeRoom')) return 'unchanged';
    const run = this.runOf(deployment);
    return run !== undefined && this.last(run, /^RecordExport$/) ? ['migration.already-exported'] : 'done';
  }

  private change({ command, fields: { deployment, room, category } }: Sent): void {
    const rooms = this.rooms[deployment];
    const known = rooms?.find(({ name }) => name === room);
    if (command === 'AddRoom') rooms!.push({ name: room, tooLong: category !== 'Trading', excluded: false });
    if (command === 'RemoveRoom') rooms!.splice(rooms!.indexOf(known!), 1);
    if (command === 'ExcludeRoom' || command === 'IncludeRoom') known!.excluded = command === 'ExcludeRoom';
  }

  /** What is too long when it is imported (it came after the export) stays behind. */
  private carry(migration: string): Import {
    const { source } = this.planned(migration)!.fields;
    const carried = this.rooms[source]!.filter(({ excluded, tooLong }) => !excluded && !tooLong);
    const counts = `${this.categories} ${carried.length} 0`;
    return { migration, carried: new Set(carried.map(({ name }) => name)), counts };
  }

  private errors(run: string): Subject[] {
    const { source } = this.planned(run)!.fields;
    const imported = this.last(run, /^RecordImport$/)?.fields;
    const carried = this.imports.find(({ migration }) => migration === run);
    const differ =
      imported && carried?.counts !== `${imported['categories']} ${imported['rooms']} ${imported['addIns']}`;
    return [
      ...(this.rooms[source]!.some(({ tooLong, excluded }) => tooLong && !excluded) ? ['content.name-too-long'] : []),
      ...(differ ? ['migration.counts-differ'] : []),
    ];
  }

  private unaccounted(run: string): number {
    const { source } = this.planned(run)!.fields;
    const carried = this.imports.find(({ migration }) => migration === run)?.carried;
    return this.rooms[source]!.filter(({ name, excluded }) => !excluded && !carried?.has(name)).length;
  }

  /** Something that another run has carried into the target is there. */
  private heldByOthers(run: string): boolean {
    return this.imports.some(({ migration }) => migration !== run && !this.last(migration, /^RollBackMigration$/));
  }

  private holder(): string | undefined {
    const ids = new Set(this.done.map(({ fields }) => fields['migration'] as string | undefined));
    return [...ids].find(
      (id) =>
        id !== undefined &&
        !this.last(id, /^(CompleteMigration|RollBackMigration)$/) &&
        this.last(id, /^(Stop|Start)Services$/, -1, { side: 'target' })?.command === 'StopServices',
    );
  }

  private runOf(source: string): string | undefined {
    return this.done.find(
      ({ command, fields }) =>
        command === 'PlanMigration' &&
        fields['source'] === source &&
        !this.last(fields['migration'], /^RollBackMigration$/),
    )?.fields['migration'];
  }

  private isDeleted = (run: string, uri: string): boolean =>
    this.last(run, /^DeleteLookupAccount$/, -1, { uri }) !== undefined;

  private planned = (run: string) => this.last(run, /^PlanMigration$/);

  private last(run: string, command: RegExp, after = -1, having: Sent['fields'] = {}): Sent | undefined {
    return this.done.findLast(
      (each, index) =>
        index > after &&
        command.test(each.command) &&
        each.fields['migration'] === run &&
        Object.entries(having).every(([field, value]) => each.fields[field] === value),
    );
  }
}

function isSame(known: object | undefined, wanted: object): boolean {
  return known !== undefined && sorted(known) === sorted(wanted);
}

const sorted = (fields: object): string =>
  JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
