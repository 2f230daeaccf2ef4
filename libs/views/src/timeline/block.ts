import { headerTokens, type SubjectTokens, subjectTokens, wording } from './item-tokens.js';
import { allOf, type Bits, countOf, itemsMax, writePostings } from './postings.js';
import {
  type Cause,
  type Header,
  readHeader,
  readLine,
  type StoredItem,
  writeHeader,
  writeLine,
} from './stored-item.js';
import { everywhere, inIndex, keyToken, wordsOf } from './tokens.js';

const charactersMax = 65_536;
/** Consecutive items of the timeline, as the tables hold them. */
export interface BlockRow {
  readonly id: number;
  /** Positions of its first and its last item. */
  readonly low: number;
  readonly high: number;
  readonly items: number;
  /** What a list without filters holds before this block: items that are not denied, and denied ones. */
  readonly topLevel: number;
  readonly denied: number;
  /** Those of its items that such a list holds besides: a run counts where it begins. */
  readonly counted: Bits;
  readonly countedDenied: Bits;
  /** Positions of its items, as JSON. */
  readonly positions: string;
  readonly postings: string;
  /** One a line, as are the items. */
  readonly headers: string;
  readonly lines: string;
}

const noCause: Cause = { correlationId: '', causationId: '' };

interface UsedHeader {
  readonly place: number;
  /** Of the first item that has it. */
  readonly header: Header & Cause;
  /** Tells headers apart, whatever their causes. */
  readonly text: string;
  bits: Bits;
}

interface UsedSubject {
  readonly tokens: SubjectTokens;
  about: Bits;
  changed: Bits;
}

/**
 * Consecutive items on their way into the tables. A block is full after so many items or characters, whatever batches they came in; the
 * last item of the last block may still go on.
 */
export class Block {
  private headers: UsedHeader[] = [];
  // Most are those of several items, and the last block is written many times: what they are found by is worked out once a block.
  private subjects = new Map<string, UsedSubject>();
  private correlations = new Map<string, { readonly token: string; bits: Bits }>();
  private wordings = new Map<string, Bits>();
  private lines: string[] = [];
  private positions: number[] = [];
  private counted: Bits = 0;
  private countedDenied: Bits = 0;
  private characters = 0;
  private last: StoredItem | undefined;

  constructor(
    readonly id = 1,
    private readonly topLevel = 0,
    private readonly denied = 0,
  ) {}

  static read(row: BlockRow): Block {
    const block = new Block(row.id, row.topLevel, row.denied);
    const counted = row.counted | row.countedDenied;
    for (const [place, item] of itemsIn(row).entries()) block.add(item, ((counted >>> place) & 1) === 1);
    return block;
  }

  next(): Block {
    return new Block(this.id + 1, this.topLevel + countOf(this.counted), this.denied + countOf(this.countedDenied));
  }

  get isFull(): boolean {
    return this.lines.length >= itemsMax || this.characters >= charactersMax;
  }

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  get lastItem(): StoredItem | undefined {
    return this.last;
  }

  itemAt(position: number): StoredItem | undefined {
    const line = this.lines[this.positions.indexOf(position)];
    return line === undefined
      ? undefined
      : readLine(
          line,
          this.headers.map(({ header }) => header),
        );
  }

  /** `counts`: a list without filters holds one item more. */
  add(item: StoredItem, counts: boolean): void {
    const bit = 1 << this.lines.length;
    if (counts && item.outcome === 'denied') this.countedDenied |= bit;
    else if (counts) this.counted |= bit;
    mark(this.wordings, wording(item.summary, item.subjects), bit);
    for (const subject of item.subjects) this.subject(subject).about |= bit;
    let last = '';
    for (const { subject } of item.assignments) {
      if (subject !== last) this.subject(subject).changed |= bit;
      last = subject;
    }
    this.correlation(item.correlationId).bits |= bit;
    const used = this.headerOf(item);
    used.bits |= bit;
    const line = writeLine(used.place, used.header, item);
    this.lines.push(line);
    this.positions.push(item.position);
    this.characters += line.length;
    this.last = item;
  }

  /** The last item has gone on: the block as if all of it had come at once. */
  replaceLast(item: StoredItem): Block {
    const row = this.row();
    const place = this.lines.length - 1;
    const counted = ((row.counted | row.countedDenied) >>> place) & 1;
    const without = (bits: Bits): Bits => bits & allOf(place);
    const block = Block.read({
      ...row,
      counted: without(row.counted),
      countedDenied: without(row.countedDenied),
      lines: this.lines.slice(0, place).join('\n'),
    });
    block.add(item, counted === 1);
    return block;
  }

  row(): BlockRow {
    return this.rowWith(this.postings());
  }

  /** The row of a block to which nothing is added any more, and its document: every token that any of its items has, and those that each has once more. */
  whole(): { readonly row: BlockRow; readonly document: string } {
    const postings = this.postings();
    const all = allOf(this.lines.length);
    let document = '';
    for (const [token, bits] of postings) {
      const indexed = inIndex(token);
      if (indexed === token) document += bits === all ? `${token} ${everywhere(token)} ` : `${token} `;
      else if (!postings.has(indexed)) document += `${indexed} `;
    }
    return { row: this.rowWith(postings), document };
  }

  private rowWith(postings: ReadonlyMap<string, Bits>): BlockRow {
    const { id, topLevel, denied, counted, countedDenied, positions, lines, headers } = this;
    return {
      id,
      low: positions[0] ?? -1,
      high: positions.at(-1) ?? -1,
      items: lines.length,
      topLevel,
      denied,
      counted,
      countedDenied,
      positions: JSON.stringify(positions),
      postings: writePostings(postings),
      headers: headers.map(({ header }) => writeHeader(header)).join('\n'),
      lines: lines.join('\n'),
    };
  }

  private postings(): Map<string, Bits> {
    const postings = new Map<string, Bits>();
    for (const { text, header, bits } of this.headers)
      for (const token of headerTokens(text, header)) mark(postings, token, bits);
    for (const { token, bits } of this.correlations.values()) mark(postings, token, bits);
    for (const [text, bits] of this.wordings) for (const word of wordsOf(text)) mark(postings, word, bits);
    for (const { tokens, about, changed } of this.subjects.values()) {
      if (about !== 0) for (const token of tokens.about) mark(postings, token, about);
      if (changed !== 0) mark(postings, tokens.changed, changed);
    }
    return postings;
  }

  private subject(name: string): UsedSubject {
    let found = this.subjects.get(name);
    if (!found) this.subjects.set(name, (found = { tokens: subjectTokens(name), about: 0, changed: 0 }));
    return found;
  }

  private correlation(id: string): { bits: Bits } {
    let found = this.correlations.get(id);
    if (!found) this.correlations.set(id, (found = { token: keyToken('correlation', id), bits: 0 }));
    return found;
  }

  private headerOf(item: StoredItem): UsedHeader {
    let found = this.headers.find(({ header }) => isSameHeader(header, item));
    if (!found) {
      found = { place: this.headers.length, header: item, text: writeHeader({ ...item, ...noCause }), bits: 0 };
      this.headers.push(found);
    }
    return found;
  }
}

function mark(bitsBy: Map<string, Bits>, what: string, bit: Bits): void {
  bitsBy.set(what, (bitsBy.get(what) ?? 0) | bit);
}

function isSameHeader(one: Header, other: Header): boolean {
  return (
    one.command === other.command &&
    one.run === other.run &&
    one.isRun === other.isRun &&
    one.outcome === other.outcome &&
    one.reason === other.reason &&
    one.ticket === other.ticket &&
    one.actor.id === other.actor.id &&
    one.actor.name === other.actor.name &&
    one.actor.via === other.actor.via &&
    one.types.length === other.types.length &&
    one.types.every((type, place) => type === other.types[place])
  );
}

/** The items of a row at these bits, oldest first. */
export function itemsIn({ headers, lines }: Pick<BlockRow, 'headers' | 'lines'>, bits = allOf(itemsMax)): StoredItem[] {
  if (bits === 0 || lines === '') return [];
  const read = headers.split('\n').map(readHeader);
  return lines
    .split('\n')
    .filter((_, place) => ((bits >>> place) & 1) === 1)
    .map((line) => readLine(line, read));
}
