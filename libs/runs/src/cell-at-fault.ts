import type { Refusal } from '#kernel';
import type { Cell, RowStep } from './run-kind.js';

/** What a rule's name speaks of, and the fields that may hold it, the likeliest first. More special terms come first. */
const fieldsByTerm: readonly (readonly [term: string, fields: readonly string[]])[] = [
  ['unknown-category', ['parent', 'category']],
  ['nested-category', ['parent']],
  ['source', ['source']],
  ['target', ['target']],
  ['generation', ['generation', 'homedOn']],
  ['pool', ['pool', 'homedOn']],
  ['site', ['site', 'policy']],
  ['user', ['user']],
  ['policy', ['policy']],
  ['client', ['client']],
  ['add-in', ['addIn']],
  ['room', ['room']],
  ['category', ['category']],
  ['endpoint', ['uri']],
  ['deployment', ['deployment', 'source']],
  ['gate', ['gate']],
  ['finding', ['finding']],
];

/** The cell that rules find at fault: of what the first of them speaks of, else of what the command is about. */
export function cellAtFault(step: RowStep, refusals: readonly Refusal[]): Cell {
  const { from, cellOf } = step;
  const spokenOf = refusals.flatMap(({ rule }) => fieldsSpokenOf(rule)).map((field) => cellOf?.(field));
  const at = spokenOf.find((cell) => cell?.column != null);
  // A cell that a command follows from is told as it stands in the file.
  if (at) return at.column === from?.column ? from : at;
  return from ?? cellOf?.(aboutField(step)) ?? { column: null, value: null };
}

function fieldsSpokenOf(rule: string): readonly string[] {
  const words = `-${rule.replace('.', '-')}-`;
  return fieldsByTerm.filter(([term]) => words.includes(`-${term}-`)).flatMap(([, fields]) => fields);
}

/** The field that names what a command is about: `room:…` is in `room`. */
function aboutField({ definition, command }: RowStep): string {
  const [first = ''] = definition.subjects(command);
  return first.slice(0, first.indexOf(':')).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
