import { type BaseCommand, type CommandDefinition, fieldsOf } from '#kernel';
import type { Cell, RowProblem, RowStep } from './run-kind.js';

/** Cells by the name of the field that they fill. */
export type Cells = Readonly<Record<string, Cell>>;

/** Makes a command of cells with the parsers of the command's own fields, and names the cell that is at fault. */
export class CommandReader {
  private readonly fields;

  constructor(readonly definition: CommandDefinition) {
    this.fields = fieldsOf(definition.command);
  }

  /** `from` is the cell that the command follows from, where it is not that of what it is about; empty cells are fields not given. */
  read(cells: Cells, from?: Cell): RowStep | { readonly problem: RowProblem } {
    const command = new this.definition.command() as BaseCommand & Record<string, unknown>;
    for (const { name, optional, parse, fromText } of this.fields) {
      const cell = Object.hasOwn(cells, name) ? cells[name] : undefined;
      const text = cell?.value ?? '';
      if (text === '' && (optional || !cell)) continue;
      const parsed = parse(fromText ? fromText(text) : text);
      if (parsed.problem !== undefined)
        return { problem: { column: cell?.column ?? null, value: text, message: parsed.problem } };
      command[name] = parsed.value;
    }
    const cellOf = (field: string): Cell | undefined => (Object.hasOwn(cells, field) ? cells[field] : undefined);
    return { definition: this.definition, command, ...(from && { from }), cellOf };
  }
}
