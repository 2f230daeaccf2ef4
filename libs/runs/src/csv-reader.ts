import { CsvScanner, recordCharactersMax } from './csv-scanner.js';
import { BadFile } from './errors.js';
import { type Encoding, FileText, type LineEnd, linesIn } from './file-text.js';

/** How a CSV is written, as its first lines show it. */
export interface CsvFormat {
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** What stands before the header, as it is: `#TYPE …`, which Windows PowerShell writes, or `sep=;`, which Excel goes by. */
  readonly typeLine: string | null;
  readonly delimiter: ',' | ';' | '\t';
  readonly newline: '\r\n' | LineEnd;
  readonly header: readonly string[];
  readonly headerLine: number;
}

/** Text is scanned in pieces of at least this size, so that a record is not scanned again for each packet that it spans. */
const pieceCharactersMin = 2 ** 16;
const columnsMax = 1000;
const delimiters = [',', ';', '\t'] as const;

/** Reads a CSV's format and then its records from bytes that come in pieces. Memory is bounded by one piece and one record. */
export class CsvReader {
  private readonly text = new FileText();
  private pieces: string[] = [];
  private waiting = 0;
  private start = '';
  private finished = false;
  private scanner: CsvScanner | undefined;
  private known: CsvFormat | undefined;

  /** Takes more of the file; then `next` is to be called until it says false. */
  push(bytes: Uint8Array): void {
    this.take(this.text.decode(bytes, (text) => this.lineAfter(text)));
    if (this.waiting >= pieceCharactersMin) this.feed();
  }

  /** The file ends here. */
  finish(): void {
    this.take(this.text.finish((text) => this.lineAfter(text)));
    this.finished = true;
    this.feed();
  }

  /** Goes to the next record after the header; false where there is none yet. */
  next(): boolean {
    if (!this.known && !this.readHeader()) return false;
    return this.scanner?.next(this.finished) ?? false;
  }

  get headerRead(): boolean {
    return this.known !== undefined;
  }

  /** Known once the header was read. */
  get format(): CsvFormat {
    if (!this.known) throw new Error('the header was not read yet');
    return this.known;
  }

  /** File line of the record at hand. */
  get line(): number {
    return this.scanner?.line ?? 1;
  }

  /** Fields of the record at hand. */
  get width(): number {
    return this.scanner?.width ?? 0;
  }

  field(index: number): string {
    return this.scanner?.field(index) ?? '';
  }

  private take(text: string): void {
    if (text === '') return;
    this.pieces.push(text);
    this.waiting += text.length;
  }

  private feed(): void {
    const text = this.pieces.join('');
    this.pieces = [];
    this.waiting = 0;
    if (this.scanner) this.scanner.push(text);
    else this.start += text;
  }

  /** Only for errors. */
  private lineAfter(text: string): number {
    const waiting = this.pieces.join('') + text;
    if (this.scanner && this.known) return this.scanner.lineOfEnd() + linesIn(waiting, lineEndOf(this.known.newline));
    const whole = this.start + waiting;
    return 1 + linesIn(whole, lineEndOf(newlineOf(whole, true)));
  }

  private readHeader(): boolean {
    const { start } = this;
    const newline = newlineOf(start, this.finished || start.length >= recordCharactersMax);
    if (newline === undefined) return false;
    const lineEnd = lineEndOf(newline);
    refuseWhatIsNoCsv(start);
    const separator = /^sep=([^\r\n])(?=\r|\n|$)/i.exec(start)?.[1];
    const hasTypeLine = start.startsWith('#TYPE') || separator !== undefined;
    const typeLine = hasTypeLine ? start.slice(0, (start + lineEnd).indexOf(lineEnd) + 1) : null;
    const rest = typeLine === null ? start : start.slice(typeLine.length);
    const delimiter = separator === undefined ? delimiterOf(rest, lineEnd) : asDelimiter(separator);
    const scanner = new CsvScanner(delimiter, lineEnd, typeLine === null ? 1 : 2);
    scanner.push(rest);
    if (!scanner.next(this.finished)) {
      if (!this.finished) return false;
      throw new BadFile({ field: 'file', message: 'has no header; its first line names the columns' });
    }
    if (scanner.width > columnsMax) {
      const message = `has ${scanner.width} columns in line ${scanner.line}; at most ${columnsMax} are read`;
      throw new BadFile({ field: 'file', line: scanner.line, message });
    }
    const header = Array.from({ length: scanner.width }, (_, index) => scanner.field(index).trim());
    const { encoding, bom } = this.text;
    this.known = {
      encoding,
      bom,
      typeLine: typeLine && typeLine.replace(/[\r\n]+$/, ''),
      delimiter,
      newline,
      header,
      headerLine: scanner.line,
    };
    this.scanner = scanner;
    this.start = '';
    return true;
  }
}

/** How the first line ends, outside of quotes; undefined where that cannot be seen yet. The whole file is read as it says. */
function newlineOf(start: string, isAll: boolean): CsvFormat['newline'] | undefined {
  let inQuotes = false;
  for (let at = 0; at < start.length; at++) {
    const character = start[at];
    if (character === '"') inQuotes = !inQuotes;
    else if (!inQuotes && character === '\n') return '\n';
    else if (!inQuotes && character === '\r') {
      let next = at + 1;
      while (start[next] === '\r') next++;
      if (start[next] === '\n') return '\r\n';
      return isAll || next < start.length ? '\r' : undefined;
    }
  }
  return isAll ? '\n' : undefined;
}

function lineEndOf(newline: CsvFormat['newline'] | undefined): LineEnd {
  return newline === '\r' ? '\r' : '\n';
}

function refuseWhatIsNoCsv(start: string): void {
  const message = (what: string): string => `is ${what}; what is wanted is a CSV whose first line names its columns`;
  const trimmed = start.slice(0, 1000).trimStart();
  if (trimmed === '') throw new BadFile({ field: 'file', message: message('empty') });
  if (trimmed.startsWith('<')) throw new BadFile({ field: 'file', message: message('HTML or XML') });
  if (/^[[{]/.test(trimmed)) throw new BadFile({ field: 'file', message: message('JSON') });
}

function asDelimiter(separator: string): CsvFormat['delimiter'] {
  const known = delimiters.find((each) => each === separator);
  if (known) return known;
  const message = `says ${JSON.stringify(`sep=${separator}`)} in line 1; a comma, a semicolon or a tab may stand there`;
  throw new BadFile({ field: 'file', line: 1, message });
}

/** The delimiter that the header has most of, outside of quotes. */
function delimiterOf(text: string, lineEnd: LineEnd): CsvFormat['delimiter'] {
  const end = text.indexOf(lineEnd);
  const header = text.slice(0, end === -1 ? recordCharactersMax : end).replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
