import { type Figure, isMet } from './bench.js';

export interface Result {
  readonly bench: string;
  readonly figures: readonly Figure[];
  /** Why there are no figures. */
  readonly failed?: string;
}

const headings = ['bench', 'figure', 'limit', 'ratio', 'bar', ''];

export function table(results: readonly Result[]): string {
  const rows = [headings, ...results.flatMap(rowsOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowsOf({ bench, figures, failed }: Result): string[][] {
  if (failed !== undefined) return [[bench, `failed: ${failed}`, '', '', '', 'NOT MET']];
  return figures.map((figure) => [
    figure.what === undefined ? bench : `${bench}: ${figure.what}`,
    `${rounded(figure.figure)} ${figure.unit}`,
    `${rounded(figure.limit)} ${figure.unit} (${figure.limitName})`,
    rounded(figure.ratio),
    `${figure.higherIsBetter ? '>=' : '<='} ${figure.bar}`,
    isMet(figure) ? 'met' : 'NOT MET',
  ]);
}

function rounded(value: number): string {
  return value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
