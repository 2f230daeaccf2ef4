import { TextDecoder } from 'node:util';
import { BadFile } from './errors.js';

/** With or without a carriage return before it, or the carriage return alone (Excel on a Mac). */
export type LineEnd = '\n' | '\r';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const names: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
};

const strangers: readonly { readonly starts: readonly number[]; readonly what: string }[] = [
  { starts: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG image' },
  { starts: [0xff, 0xd8, 0xff], what: 'a JPEG image' },
  { starts: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel workbook; save the sheet as CSV' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook; save the sheet as CSV' },
  { starts: [0x1f, 0x8b], what: 'compressed; send it unpacked' },
  { starts: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document' },
];

/** The file line on which a text ends that follows what was decoded before. */
type LineAfter = (text: string) => number;

/** Makes text of a file's bytes, piece by piece: UTF-8 with or without BOM, UTF-16 with BOM. The BOM is not part of the text. */
export class FileText {
  encoding: Encoding = 'utf-8';
  bom = false;
  private decoder: TextDecoder | undefined;
  private head = Buffer.alloc(0);

  constructor(
    private readonly wanted = 'a CSV',
    private readonly right = 'export it with Export-Csv -Encoding UTF8',
  ) {}

  /** @throws {BadFile} for bytes that are no text in the file's encoding; `line` says on which line what follows the text so far stands */
  decode(bytes: Uint8Array, line: LineAfter): string {
    if (this.decoder) return this.decodeWith(this.decoder, bytes, line);
    this.head = Buffer.concat([this.head, bytes]);
    return this.head.length < 4 ? '' : this.decodeHead(line);
  }

  /** What is left at the end of the file. */
  finish(line: LineAfter): string {
    const rest = this.decoder ? '' : this.decodeHead(line);
    try {
      return rest + (this.decoder?.decode() ?? '');
    } catch {
      throw this.notText(line(''));
    }
  }

  private decodeHead(line: LineAfter): string {
    const { head } = this;
    const stranger = strangers.find(({ starts }) => starts.every((byte, index) => head[index] === byte));
    if (stranger)
      throw new BadFile({ field: 'file', message: `is ${stranger.what}; what is wanted is ${this.wanted}` });
    if (head[0] === 0xff && head[1] === 0xfe) this.encoding = 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff) this.encoding = 'utf-16be';
    this.bom = this.encoding !== 'utf-8' || (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf);
    this.decoder = new TextDecoder(this.encoding, { fatal: true });
    this.head = Buffer.alloc(0);
    return this.decodeWith(this.decoder, head, line);
  }

  private decodeWith(decoder: TextDecoder, bytes: Uint8Array, line: LineAfter): string {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      const readable = new TextDecoder(this.encoding).decode(bytes).split('\ufffd', 1)[0] ?? '';
      throw this.notText(line(readable));
    }
    const nul = text.indexOf('\0');
    if (nul === -1) return text;
    const at = line(text.slice(0, nul));
    const message = `holds a NUL character in line ${at}, so it is no text, or UTF-16 without a byte order mark; ${this.right}`;
    throw new BadFile({ field: 'file', line: at, message });
  }

  private notText(line: number): BadFile {
    const message = `is not ${names[this.encoding]} in line ${line}; ${this.right}`;
    return new BadFile({ field: 'file', line, message });
  }
}

/** Lines that end in a text; `lineEnd` is the last character of each. */
export function linesIn(text: string, lineEnd: LineEnd): number {
  let lines = 0;
  for (let at = text.indexOf(lineEnd); at !== -1; at = text.indexOf(lineEnd, at + 1)) lines++;
  return lines;
}
