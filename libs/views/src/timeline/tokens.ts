import { hash } from 'node:crypto';

// Private use: folding takes it out of every text, so that no text can spell a key.
const keyMark = '\ue000';
const keyDigits = 20;
const keysRememberedMax = 20_000;

// What is looked for exactly, each under a letter of its own.
export const keyKinds = {
  every: '*',
  topLevel: '^',
  run: 'n',
  actor: 'a',
  command: 'c',
  type: 't',
  subject: 's',
  outcome: 'o',
  ticket: 'k',
  correlation: 'r',
  /** A subject of which this item changed a field. */
  changed: 'w',
} as const;
export type KeyKind = keyof typeof keyKinds;

const keysRemembered = new Map<string, string>();

/** The one search token that stands for a value as a whole: 80 bits of its SHA-1, so two values do not meet in practice. */
export function keyToken(kind: KeyKind, value: string): string {
  const named = keyKinds[kind] + value;
  const known = keysRemembered.get(named);
  if (known !== undefined) return known;
  const token = keyMark + hash('sha1', named).slice(0, keyDigits);
  if (keysRemembered.size >= keysRememberedMax) keysRemembered.clear();
  keysRemembered.set(named, token);
  return token;
}

const asciiOnly = /^[\0-\x7f]*$/;
const accents = /[\u00c0-\u024f]|[\u0300-\u036f]|[\u1e00-\u1eff]/;
const latinMarks = /(?<=[a-z])\p{M}+/gu;
const beyondLetters = /[^\0-\x7f\p{L}\p{N}\p{M}]/u;
const symbols = /\p{So}/gu;
const foreignSeparators = /[^\0-\x7f\p{L}\p{N}\p{M}\p{So}]+/gu;

/**
 * A text as SQLite's `ascii` tokenizer has to see it, so that words are cut and compared the same way when they are stored and
 * when they are asked for: without case, Latin letters without accents, ё as е (й stays й), symbols as words of their own.
 */
export function foldText(text: string): string {
  // The tokenizer cuts and folds ASCII by itself.
  if (asciiOnly.test(text)) return text;
  const lower = text.toLowerCase().normalize('NFC');
  const plain = accents.test(lower) ? lower.normalize('NFD').replaceAll(latinMarks, '').normalize('NFC') : lower;
  const letters = plain.replaceAll('ё', 'е');
  return beyondLetters.test(letters) ? letters.replaceAll(symbols, ' $& ').replaceAll(foreignSeparators, ' ') : letters;
}

/** The words of a text, folded, each one token for the tokenizer. */
export function wordsOf(text: string): readonly string[] {
  return (
    foldText(text)
      .toLowerCase()
      .match(/[a-z0-9\u{80}-\u{10ffff}]+/gu) ?? []
  );
}

/** How values are compared that are the same whatever their case. */
export function foldValue(value: string): string {
  return value.normalize('NFC').toLowerCase();
}
