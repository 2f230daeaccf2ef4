import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Texts in a block: opening one takes a tenth of a millisecond. */
const blockTexts = 100;

/** Of a text that was taken back: others may be found behind it. */
const taken = -1;

/**
 * Very many texts by name, of which few are ever asked for again: packed together they take a tenth of what a map of them would. They are
 * found by the CRC-32 of their names.
 */
export class PackedTexts {
  private readonly blocks: Uint8Array[] = [];
  /** The number of a text, counted through all blocks, by its place. */
  private readonly numberAt = new Map<number, number>();
  /** What goes into the next block. */
  private gathered = new Map<string, string>();
  /** The block opened last: who asks for one text often asks for those put beside it. */
  private opened:
    { readonly block: number; readonly texts: readonly (readonly [name: string, text: string])[] } | undefined;

  /** Of a name that is not there. */
  put(name: string, text: string): void {
    this.gathered.set(name, text);
    if (this.gathered.size < blockTexts) return;
    let number = this.blocks.length * blockTexts;
    for (const each of this.gathered.keys()) this.numberAt.set(this.freePlace(each), number++);
    // A copy with memory of its own: what zlib answers lies in a buffer many times its size.
    this.blocks.push(new Uint8Array(deflateRawSync(JSON.stringify([...this.gathered]), { level: 1 })));
    this.gathered = new Map();
  }

  /** Gives a text back, which is not there any more. */
  take(name: string): string | undefined {
    const gathered = this.gathered.get(name);
    if (gathered !== undefined) {
      this.gathered.delete(name);
      return gathered;
    }
    for (let place = placeOf(name); ; place = after(place)) {
      const number = this.numberAt.get(place);
      if (number === undefined) return undefined;
      const [other, text] = number === taken ? [] : this.numbered(number);
      if (other !== name) continue;
      this.numberAt.set(place, taken);
      return text;
    }
  }

  private freePlace(name: string): number {
    let place = placeOf(name);
    while ((this.numberAt.get(place) ?? taken) !== taken) place = after(place);
    return place;
  }

  private numbered(number: number): readonly [name: string, text: string] {
    const block = Math.floor(number / blockTexts);
    if (this.opened?.block !== block) {
      const texts = JSON.parse(inflateRawSync(this.blocks[block]!).toString()) as [string, string][];
      this.opened = { block, texts };
    }
    return this.opened.texts[number % blockTexts]!;
  }
}

/** A number that takes no memory of its own in a map. */
function placeOf(name: string): number {
  return crc32(name) | 0;
}

function after(place: number): number {
  return (place + 1) | 0;
}
