import { doubledName } from '#kernel';
import { recordCharactersMax } from './csv-scanner.js';
import { BadFile } from './errors.js';
import { type Encoding, FileText, linesIn } from './file-text.js';

/** Text is looked through in pieces of at least this size. */
const pieceCharactersMin = 2 ** 16;

/** Finds the lines of a JSON-lines file in bytes that come in pieces; lines without text are none. Memory is bounded by one piece and one line. */
export class JsonLinesReader {
  /** File line at hand. */
  line = 0;
  private readonly decoder = new FileText(
    'JSON lines, or a CSV with the Content-Type text/csv',
    'write it as UTF-8, one JSON object a line',
  );
  private pieces: string[] = [];
  private waiting = 0;
  private buffered = '';
  private at = 0;
  private current = '';
  private nextLine = 1;
  private found = false;
  private finished = false;

  push(bytes: Uint8Array): void {
    this.take(this.decoder.decode(bytes, (text) => this.lineAfter(text)));
    if (this.waiting >= pieceCharactersMin) this.feed();
  }

  /** The file ends here. */
  finish(): void {
    this.take(this.decoder.finish((text) => this.lineAfter(text)));
    this.finished = true;
    this.feed();
  }

  /**
   * Goes to the next line that has text; false where there is none yet.
   * @throws {BadFile} where the file cannot be JSON lines
   */
  next(): boolean {
    while (this.at < this.buffered.length) {
      const end = this.buffered.indexOf('\n', this.at);
      const length = (end === -1 ? this.buffered.length : end) - this.at;
      if (length > recordCharactersMax) throw tooLong(this.nextLine);
      if (end === -1 && !this.finished) return false;
      this.current = this.buffered.slice(this.at, this.at + length).trim();
      this.at += length + 1;
      this.line = this.nextLine++;
      if (this.current === '') continue;
      if (!this.found && !this.current.startsWith('{')) throw noObject(this.line);
      this.found = true;
      return true;
    }
    if (this.finished && !this.found)
      throw new BadFile({ field: 'file', message: 'is empty; what is wanted is one JSON object a line' });
    return false;
  }

  /** The line at hand, without white space at its ends. */
  get text(): string {
    return this.current;
  }

  get encoding(): Encoding {
    return this.decoder.encoding;
  }

  get bom(): boolean {
    return this.decoder.bom;
  }

  private take(text: string): void {
    if (text === '') return;
    this.pieces.push(text);
    this.waiting += text.length;
  }

  private feed(): void {
    this.buffered = this.buffered.slice(this.at) + this.pieces.join('');
    this.at = 0;
    this.pieces = [];
    this.waiting = 0;
  }

  /** Only for errors. */
  private lineAfter(text: string): number {
    return this.nextLine + linesIn(this.buffered.slice(this.at) + this.pieces.join('') + text, '\n');
  }
}

function tooLong(line: number): BadFile {
  const message = `has more than ${recordCharactersMax} characters in line ${line}; write one JSON object a line`;
  return new BadFile({ field: 'file', line, message });
}

function noObject(line: number): BadFile {
  const message = `does not begin with a JSON object in line ${line}; write one JSON object a line, or send a CSV as text/csv`;
  return new BadFile({ field: 'file', line, message });
}

/** Why a failed line came back. In an upload it is passed over. */
export const errorMember = 'Error';

export type ParsedLine =
  | { readonly fields: Readonly<Record<string, unknown>>; readonly problem?: undefined }
  | { readonly fields?: undefined; readonly problem: string };

/** The object of a line, without what an earlier failed file said of it. */
export function parseLine(text: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: 'the line is no JSON; write one JSON object a line' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'the line is no JSON object; write one JSON object a line' };
  const { [errorMember]: _, ...fields } = value as Record<string, unknown>;
  for (const [name, member] of Object.entries(fields)) {
    const wrong = wrongMember(name, member);
    if (wrong !== undefined) return { problem: `${shownName(name)} ${wrong}` };
  }
  const doubled = doubledName(text, value);
  if (doubled !== undefined)
    return { problem: `${shownName(doubled)} is named twice in the line; name each member once` };
  return { fields };
}

const nameShownMax = 200;
const shownName = (name: string): string => name.slice(0, nameShownMax).toWellFormed();

/** Why a member can be no field of any command. */
function wrongMember(name: string, member: unknown): string | undefined {
  const values: readonly unknown[] = Array.isArray(member) ? member : [member];
  if (!values.every((value) => typeof value !== 'object' || value === null))
    return 'must be a string, a number, true or false, or a list of those';
  if (values.some((value) => typeof value === 'number' && !Number.isFinite(value))) return 'is too large a number';
  if (![name, ...values].every((text) => typeof text !== 'string' || text.isWellFormed()))
    return 'must be well-formed Unicode, without unpaired surrogates';
  return undefined;
}

/** The line as it comes back: with the reason in it where it is an object that could be read. */
export function lineWithError(text: string, message: string): string {
  const { fields } = parseLine(text);
  return fields ? JSON.stringify({ ...fields, [errorMember]: message }) : text;
}

/** A member's value as it is shown beside an error. */
export function shownValue(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return value === undefined ? null : JSON.stringify(value);
}
