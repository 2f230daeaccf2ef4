import { type CommandDefinition, fieldsOf, validateCommand } from '#kernel';
import { CommandReader } from './command-reader.js';
import { shownValue } from './json-lines.js';
import type { Cell, ReadRow, Row, RunKind } from './run-kind.js';

/**
 * A file of one command, one row one command: a CSV whose header names the command's fields, or JSON lines with the command's bodies. In a
 * CSV an empty cell is a field that is not given, as if its column were not there; in JSON null is. Lists stand in one cell, their
 * values apart by a space, a comma or a semicolon; true and false in any case.
 */
export function bulkKind(definition: CommandDefinition): RunKind {
  const reader = new CommandReader(definition);
  const fields = fieldsOf(definition.command);
  return {
    kind: definition.path,
    command: `Bulk${definition.name}`,
    role: definition.role,
    columns: fields.map(({ name, optional }) => ({ name, required: !optional })),
    onlyTheseColumns: true,
    jsonLines: true,
    open: () => ({ fromRowAlone: true, read: (rows) => Promise.resolve(rows.map(readRow)) }),
  };

  function readRow({ cells, fields: given, problem }: Row): ReadRow {
    if (problem !== undefined) return { problem: { column: null, value: null, message: problem } };
    if (given) return readObject(given);
    const named = fields.map(({ name }, index): [string, Cell | undefined] => {
      const value = cells[index];
      return [name, value === undefined ? undefined : { column: name, value }];
    });
    const there = Object.fromEntries(named.filter((each): each is [string, Cell] => each[1] !== undefined));
    const read = reader.read(there);
    return 'problem' in read ? read : { steps: [read] };
  }

  function readObject(given: Readonly<Record<string, unknown>>): ReadRow {
    const cell = (column: string): Cell => ({
      column,
      value: Object.hasOwn(given, column) ? shownValue(given[column]) : null,
    });
    const validated = validateCommand(definition, given);
    if (!validated.errors) {
      const cellOf = (field: string): Cell | undefined => (Object.hasOwn(given, field) ? cell(field) : undefined);
      return { steps: [{ definition, command: validated.command, cellOf }] };
    }
    const [wrong, ...others] = validated.errors;
    const rest = others.map(({ field, message }) => `; ${field} ${message}`).join('');
    return { problem: { ...(wrong ? cell(wrong.field) : nowhere), message: (wrong?.message ?? '') + rest } };
  }
}

const nowhere: Cell = { column: null, value: null };
