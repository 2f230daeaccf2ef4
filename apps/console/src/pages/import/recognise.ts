/** What a file looks like from its first bytes. The server decides; this shows beforehand what it will most likely find. */
export interface Recognised {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly hasMark: boolean;
  readonly delimiter: ',' | ';' | '\t';
  readonly hasTypeLine: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A zero byte in what is no UTF-16: not a text at all. */
  readonly isBinary: boolean;
}

export const previewBytes = 64 * 1024;
const previewRows = 8;

export function recognise(bytes: Uint8Array): Recognised {
  const { encoding, hasMark } = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  const hasTypeLine = /^#TYPE[^\n]*\n/i.test(text);
  const separator = /^sep=([,;\t])\r?\n/i.exec(text)?.[1] as Recognised['delimiter'] | undefined;
  const body = hasTypeLine || separator !== undefined ? text.slice(text.indexOf('\n') + 1) : text;
  const delimiter = separator ?? delimiterOf(body.slice(0, body.search(/\r?\n|$/)));
  const [columns = [], ...rows] = readRows(body, delimiter, previewRows + 1);
  return {
    encoding,
    hasMark,
    delimiter,
    hasTypeLine,
    columns,
    rows,
    isBinary: encoding === 'utf-8' && bytes.includes(0),
  };
}

function encodingOf([first, second, third]: Uint8Array): Pick<Recognised, 'encoding' | 'hasMark'> {
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', hasMark: true };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', hasMark: true };
  return { encoding: 'utf-8', hasMark: first === 0xef && second === 0xbb && third === 0xbf };
}

/** The one that stands most often in the header outside of quotes. */
function delimiterOf(header: string): Recognised['delimiter'] {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counted = ([',', ';', '\t'] as const).map((each) => [each, bare.split(each).length] as const);
  return counted.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ',';
}

/** The first rows, quoted fields with line breaks too; a last row that the preview cuts off is left out where there are others. */
function readRows(text: string, delimiter: string, max: number): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < max; at++) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === delimiter) {
      row.push(cell);
      cell = '';
    } else if (character === '\n') {
      row.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell);
      if (row.length > 1 || row[0] !== '') rows.push(row);
      row = [];
      cell = '';
    } else cell += character;
  }
  if (rows.length < max && (cell !== '' || row.length > 0)) rows.push([...row, cell]);
  return rows;
}
