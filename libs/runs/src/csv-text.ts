import type { CsvFormat } from './csv-reader.js';
import type { Encoding } from './file-text.js';

/** The lines before a CSV's rows. */
export function csvHead(
  format: Pick<CsvFormat, 'bom' | 'typeLine' | 'delimiter' | 'newline'>,
  columns: readonly string[],
): string {
  const { bom, typeLine, newline } = format;
  return (bom ? '\ufeff' : '') + (typeLine === null ? '' : typeLine + newline) + csvLine(columns, format);
}

/** A record, every field quoted. */
export function csvLine(
  fields: readonly string[],
  { delimiter, newline }: Pick<CsvFormat, 'delimiter' | 'newline'>,
): string {
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter) + newline;
}

export function encoded(text: string, { encoding }: { readonly encoding: Encoding }): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}
