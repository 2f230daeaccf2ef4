import { hash } from 'node:crypto';

/** ASCII that the search index takes as part of a token, and that no word has in it: so no text can spell a key. */
export const tokenMarks = '$_';
const keyMark = '$';
const everywhereMark = '_';
const keyDigits = 20;

// What is looked for exactly, each under a letter of its own.
export const keyKinds = {
  every: 'e',
  topLevel: 'l',
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

/** The one search token that stands for a value as a whole: 80 bits of its SHA-1, so two values do not meet in practice. */
export function keyToken(kind: KeyKind, value: string): string {
  return keyOfDigest(kind, digestOf(value));
}

/** For several keys of one value. */
export function digestOf(value: string): string {
  return hash('sha1', value).slice(0, keyDigits);
}

export function keyOfDigest(kind: KeyKind, digest: string): string {
  return keyMark + keyKinds[kind] + digest;
}

const changedMark = keyMark + keyKinds.changed;
const subjectMark = keyMark + keyKinds.subject;

/**
 * The token under which the index has a block where some item has this one. Nearly every item about a subject changes it: a key of their own
 * for those would be as much again and say little more.
 */
export function inIndex(token: string): string {
  return token.startsWith(changedMark) ? subjectMark + token.slice(changedMark.length) : token;
}

/** Stands for a token that each item of a block has. */
export function everywhere(token: string): string {
  return everywhereMark + token;
}

const asciiOnly = /^[\0-\x7f]*$/;
const asciiWords = /[a-z0-9]+/g;
const words = /[a-z0-9\u{80}-\u{10ffff}]+/gu;
const accents = /[\u00c0-\u024f]|[\u0300-\u036f]|[\u1e00-\u1eff]/;
const latinMarks = /(?<=[a-z])\p{M}+/gu;
const beyondLetters = /[^\0-\x7f\p{L}\p{N}\p{M}]/u;
const symbols = /\p{So}/gu;
const foreignSeparators = /[^\0-\x7f\p{L}\p{N}\p{M}\p{So}]+/gu;

/** A text in which words are cut and compared the same way when they are stored and when they are asked for: without case, Latin
 * letters without accents, ё as е (й stays й), symbols as words of their own. */
function foldText(text: string): string {
  const lower = text.toLowerCase().normalize('NFC');
  const plain = accents.test(lower) ? lower.normalize('NFD').replaceAll(latinMarks, '').normalize('NFC') : lower;
  const letters = plain.replaceAll('ё', 'е');
  return beyondLetters.test(letters) ? letters.replaceAll(symbols, ' $& ').replaceAll(foreignSeparators, ' ') : letters;
}

/** The words of a text, folded, each one token for the tokenizer. */
export function wordsOf(text: string): readonly string[] {
  if (asciiOnly.test(text)) return text.toLowerCase().match(asciiWords) ?? [];
  return foldText(text).toLowerCase().match(words) ?? [];
}

/** How values are compared that are the same whatever their case. */
export function foldValue(value: string): string {
  const lower = value.toLowerCase();
  return asciiOnly.test(lower) ? lower : value.normalize('NFC').toLowerCase();
}
