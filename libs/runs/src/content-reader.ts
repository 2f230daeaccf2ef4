import type { CommandDefinition } from '#kernel';
import { type Cells, CommandReader } from './command-reader.js';
import { type ContentColumn, contentColumns, layoutOf } from './content-layouts.js';
import { hasLostLetters, lettersWanted } from './lost-letters.js';
import type { Cell, Row, RowProblem, RowStep } from './run-kind.js';

/** What a row says there is, as commands that would make it where nothing of it is there yet. */
export interface ContentRow {
  /** The categories that its path leads through, from the top; what it says of the last one is left to `category`. */
  readonly path: readonly RowStep[];
  /** Where the row is a category's own. */
  readonly category?: RowStep;
  /** An add-in with its page. */
  readonly addIn?: RowStep;
  readonly room?: RowStep;
  /** The room shows an add-in. */
  readonly attach?: RowStep;
  /** The room is disabled. */
  readonly exclude?: RowStep;
}

export type ReadContent = ContentRow | { readonly problem: RowProblem };

export const separator = '\\';
const nameColumns = ['Name', 'Room', 'CategoryPath', 'Category', 'AddIn'] as const satisfies readonly ContentColumn[];
const disabledReason = 'disabled in the legacy system';
const commandNames = ['AddCategory', 'AddAddIn', 'AddRoom', 'AttachAddIn', 'ExcludeRoom'] as const;

/** Reads rows of one deployment's content. */
export class ContentReader {
  private readonly commands: Readonly<Record<(typeof commandNames)[number], CommandReader>>;

  constructor(
    commands: readonly CommandDefinition[],
    private readonly deployment: string,
  ) {
    const readers = commandNames.map((name) => {
      const definition = commands.find((command) => command.name === name);
      if (!definition) throw new Error(`the import of content needs the command ${name}`);
      return [name, new CommandReader(definition)];
    });
    this.commands = Object.fromEntries(readers) as typeof this.commands;
  }

  read({ cells, problem }: Row): ReadContent {
    if (problem !== undefined) return { problem: { column: null, value: null, message: problem } };
    const row = new Reading(cells, this.deployment, this.commands);
    try {
      return row.read();
    } catch (error) {
      if (error instanceof WrongCell) return { problem: error.problem };
      throw error;
    }
  }
}

/** Ends the reading of a row. */
class WrongCell extends Error {
  constructor(readonly problem: RowProblem) {
    super(problem.message);
  }
}

class Reading {
  constructor(
    private readonly cells: Row['cells'],
    private readonly deployment: string,
    private readonly commands: Readonly<Record<(typeof commandNames)[number], CommandReader>>,
  ) {}

  read(): ContentRow {
    for (const column of nameColumns)
      if ((this.given(column) ?? '').split(separator).some((name) => hasLostLetters(name)))
        throw wrong(this.cell(column), lettersWanted);
    switch (layoutOf((column) => this.given(column) !== undefined)) {
      case 'categories':
        this.own('Identity');
        return { path: [], category: this.category(this.cell('Name'), undefined) };
      case 'add-ins':
        this.own('Identity');
        return { path: [], addIn: this.addIn(this.cell('Name'), this.cell('Url')) };
      case 'rooms':
        this.own('Identity');
        return { path: [], ...this.room(this.cell('Name'), this.own('Category'), this.own('AddIn')) };
      default:
        return this.template();
    }
  }

  private template(): ContentRow {
    const [room, addIn, url] = [this.cell('Room'), this.cell('AddIn'), this.cell('AddInUrl')];
    const levels = this.levels();
    const path = levels.map((level, index) => this.level(level, levels[index - 1]));
    const page = url.value === '' ? {} : { addIn: this.addIn(addIn, url) };
    const leaf = levels.at(-1);
    if (room.value !== '') {
      if (!leaf) throw wrong(this.cell('CategoryPath'), 'must name the category that the room lies in');
      return { path, ...page, ...this.room(room, { ...this.cell('CategoryPath'), value: leaf }, addIn) };
    }
    if (leaf) {
      if (addIn.value !== '' && !page.addIn) throw wrong(addIn, 'must be empty: a category shows no add-in');
      if (this.isDisabled()) throw wrong(this.cell('Disabled'), 'must not be True: only rooms are disabled');
      const category = this.category({ ...this.cell('CategoryPath'), value: leaf }, levels.at(-2));
      return { path: path.slice(0, -1), ...page, category };
    }
    if (addIn.value === '')
      throw wrong(this.cell('CategoryPath'), 'must name a category, or the row a room or an add-in');
    return { path: [], addIn: this.addIn(addIn, url) };
  }

  private levels(): readonly string[] {
    const path = this.cell('CategoryPath');
    if (path.value === '') return [];
    const levels = (path.value ?? '').split(separator).map((level) => level.trim());
    if (levels.includes('')) throw wrong(path, `must name every level, such as Trading${separator}London`);
    return levels;
  }

  private level(name: string, parent: string | undefined): RowStep {
    const path = this.cell('CategoryPath');
    const cells = { category: { ...path, value: name }, parent: { ...path, value: parent ?? '' } };
    return this.step('AddCategory', cells, path);
  }

  private category(name: Cell, parent: string | undefined): RowStep {
    const cells = {
      category: name,
      parent: { column: name.column, value: parent ?? '' },
      invitations: this.cell('Invitations'),
      fileUpload: this.cell('FileUpload'),
      chatHistory: this.cell('ChatHistory'),
    };
    return this.step('AddCategory', cells, name);
  }

  private addIn(name: Cell, url: Cell): RowStep {
    return this.step('AddAddIn', { addIn: name, url }, name);
  }

  private room(room: Cell, category: Cell, addIn: Cell): Pick<ContentRow, 'room' | 'attach' | 'exclude'> {
    const [type, privacy] = [this.lowerCase('Type'), this.lowerCase('Privacy')];
    const reason = { column: 'Disabled', value: disabledReason };
    return {
      room: this.step('AddRoom', { room, category, type, privacy, addIn }, room),
      ...(addIn.value !== '' && { attach: this.step('AttachAddIn', { room, addIn }, addIn) }),
      ...(this.isDisabled() && { exclude: this.step('ExcludeRoom', { room, reason }, this.cell('Disabled')) }),
    };
  }

  private isDisabled(): boolean {
    const cell = this.cell('Disabled');
    if (/^(false)?$/i.test(cell.value ?? '')) return false;
    if (/^true$/i.test(cell.value ?? '')) return true;
    throw wrong(cell, 'must be True or False');
  }

  private step(name: (typeof commandNames)[number], cells: Cells, from: Cell): RowStep {
    const read = this.commands[name].read({ deployment: { column: null, value: this.deployment }, ...cells }, from);
    if (!('problem' in read)) {
      const cellOf = (field: string): Cell | undefined => {
        const at = contentColumns.find((column) => column === read.cellOf?.(field)?.column);
        return at && this.cell(at);
      };
      return { ...read, cellOf };
    }
    // As it stands in the file, not a part of it or in another case.
    const at = contentColumns.find((column) => column === read.problem.column);
    throw new WrongCell({ ...read.problem, value: at ? (this.cell(at).value ?? null) : read.problem.value });
  }

  /** What a cmdlet tells of a thing as `<pool>\<name>`: the name, where the pool is this deployment. */
  private own(column: ContentColumn): Cell {
    const cell = this.cell(column);
    const [, pool, name] = /^([^\\\s]+\.[^\\\s]+)\\(.*)$/s.exec(cell.value ?? '') ?? [];
    if (pool === undefined) return cell;
    if (pool.toLowerCase() === this.deployment) return { ...cell, value: name ?? '' };
    throw wrong(
      cell,
      `must be of ${this.deployment}, not of ${pool.toLowerCase()}; export each pool with -PersistentChatPoolFqdn and import it for its own deployment`,
    );
  }

  private lowerCase(column: ContentColumn): Cell {
    return { column, value: (this.given(column) ?? '').toLowerCase() };
  }

  private cell(column: ContentColumn): Cell {
    return { column, value: this.given(column) ?? '' };
  }

  private given(column: ContentColumn): string | undefined {
    return this.cells[contentColumns.indexOf(column)];
  }
}

function wrong(cell: Cell, message: string): WrongCell {
  return new WrongCell({ ...cell, message });
}
