import { type BaseCommand, type CommandDefinition, foldCase } from '#kernel';
import { type Category, type Content, contentStream } from '#content';
import { contentColumns, layoutOf, layoutsWanted } from './content-layouts.js';
import { ContentReader, type ContentRow, type ReadContent, separator } from './content-reader.js';
import type { ReadRow, Row, RowReader, RowStep, RunKind, RunParameters } from './run-kind.js';

/** What a file says of categories and add-ins is known to rows before it, up to so many of each. */
const knownAheadMax = 50_000;

/**
 * The content of one deployment (`domain.md` §4, §10.4). A row of our template makes what its path leads through; a row of a cmdlet's
 * export only itself. What is there already gets what the row adds to it: another add-in, its exclusion. What a cell does not say is left
 * as it is, and so is the exclusion of a room that is not disabled.
 */
export class ContentImport implements RunKind {
  readonly kind = 'content';
  readonly command = 'ImportContent';
  readonly role = 'operator';
  readonly columns = contentColumns.map((name) => ({ name }));

  /** `commands` hold at least those that add content, attach add-ins and exclude rooms. */
  constructor(private readonly commands: readonly CommandDefinition[]) {}

  refuseColumns(columns: readonly string[]): string | undefined {
    return layoutOf((column) => columns.includes(column)) ? undefined : layoutsWanted;
  }

  open({ deployment }: RunParameters): RowReader {
    if (deployment === undefined) throw new Error('content is imported for a deployment');
    return new ContentRows(new ContentReader(this.commands, deployment), deployment);
  }
}

class ContentRows implements RowReader {
  /** By folded path. */
  private readonly categories = new Map<string, RowStep>();
  /** By folded name. */
  private readonly addIns = new Map<string, RowStep>();

  constructor(
    private readonly reader: ContentReader,
    private readonly deployment: string,
  ) {}

  survey(rows: readonly Row[]): void {
    for (const row of rows) {
      const { category, addIn, path } = withoutProblem(this.reader.read(row));
      if (category && this.categories.size < knownAheadMax)
        keep(this.categories, pathOf([...path, category]), category);
      if (addIn && this.addIns.size < knownAheadMax) keep(this.addIns, foldCase(field(addIn, 'addIn')), addIn);
    }
  }

  read(rows: readonly Row[]): Promise<readonly ReadRow[]> {
    return Promise.resolve(
      rows.map((row): ReadRow => {
        const read = this.reader.read(row);
        if ('problem' in read) return read;
        return { stepsIn: async (tx) => this.steps(read, await tx.load(contentStream(this.deployment))) };
      }),
    );
  }

  /** What of a row is not there yet. */
  private steps(row: ContentRow, content: Content): readonly RowStep[] {
    const { path, category, addIn, room, attach, exclude } = row;
    const shown = attach && foldCase(field(attach, 'addIn'));
    const steps = path.flatMap((level, index) => this.missingLevel(path.slice(0, index + 1), level, content));
    if (category) steps.push(withKnown(category, content.categories.get(foldCase(field(category, 'category')))));
    if (addIn) steps.push(addIn);
    else if (shown !== undefined && !content.addIns.has(shown)) steps.push(...several(this.addIns.get(shown)));
    if (!room) return steps;
    const known = content.rooms.get(foldCase(field(room, 'room')));
    if (!known) return [...steps, room, ...several(exclude)];
    const { type, privacy } = known;
    const shows = known.addIn === null ? undefined : content.addIns.get(known.addIn)?.name;
    steps.push(
      changed(room, { type: given(room, 'type') ?? type, privacy: given(room, 'privacy') ?? privacy, addIn: shows }),
    );
    if (attach && shown !== known.addIn) steps.push(attach);
    if (exclude && !known.excluded) steps.push(exclude);
    return steps;
  }

  private missingLevel(path: readonly RowStep[], level: RowStep, { categories }: Content): readonly RowStep[] {
    const known = categories.get(foldCase(field(level, 'category')));
    const parent = given(level, 'parent');
    if (known && known.parent === (typeof parent === 'string' ? foldCase(parent) : null)) return [];
    return [this.categories.get(pathOf(path)) ?? level];
  }
}

function withoutProblem(read: ReadContent): ContentRow {
  return 'problem' in read ? { path: [] } : read;
}

/** The first that says it holds: a second one is told that it differs. */
function keep(steps: Map<string, RowStep>, key: string, step: RowStep): void {
  if (!steps.has(key)) steps.set(key, step);
}

const pathOf = (levels: readonly RowStep[]): string =>
  levels.map((level) => foldCase(field(level, 'category'))).join(separator);

const several = (step: RowStep | undefined): readonly RowStep[] => (step ? [step] : []);

/** What the row does not say of a category that is there stays as it is. */
function withKnown(category: RowStep, known: Category | undefined): RowStep {
  if (!known) return category;
  const { invitations, fileUpload, chatHistory } = known;
  return changed(category, {
    invitations: given(category, 'invitations') ?? invitations,
    fileUpload: given(category, 'fileUpload') ?? fileUpload,
    chatHistory: given(category, 'chatHistory') ?? chatHistory,
  });
}

function changed(step: RowStep, fields: Readonly<Record<string, unknown>>): RowStep {
  const command: BaseCommand = Object.assign(new step.definition.command(), step.command, fields);
  return { ...step, command };
}

function given({ command }: RowStep, name: string): unknown {
  return (command as unknown as Readonly<Record<string, unknown>>)[name];
}

function field(step: RowStep, name: string): string {
  return String(given(step, name));
}
