import type { Filter, ViewQuery } from '../view.js';
import { runVersion } from './item-tokens.js';
import { allOf, type Bits, bitsOf, bitsOfPrefix } from './postings.js';
import type { Word } from './timeline-parameters.js';
import { everywhere, inIndex, type KeyKind, keyToken } from './tokens.js';

const filterKinds = [
  'actor',
  'command',
  'type',
  'subject',
  'outcome',
  'ticket',
  'correlation',
] as const satisfies KeyKind[];

// Nearly every item has a word that begins with some one letter.
const prefixCharactersMin = 2;

/** A token that an item has to have, or, as a prefix, one that begins so. */
export interface Term {
  readonly token: string;
  readonly isPrefix: boolean;
}

/** What an item has to have: of each of these one term, and of each of those not all. */
export interface SearchExpression {
  readonly wanted: readonly (readonly Term[])[];
  readonly unwanted: readonly (readonly Term[])[];
}

/** Whether only moments choose: then a run is one item and its rows are none. */
export function isUnfiltered({ input }: ViewQuery): boolean {
  return (
    input['rows'] !== true &&
    wordsIn(input).length === 0 &&
    filterKinds.every((kind) => filtersIn(input, kind).length === 0)
  );
}

/** Whether it asks for a text that holds no word: that is nowhere. */
export function isWordless({ input }: ViewQuery): boolean {
  return input['q'] !== undefined && wordsIn(input).length === 0;
}

export function searchExpression(query: ViewQuery): SearchExpression {
  const { input, roles } = query;
  const wanted: (readonly Term[])[] = [];
  const unwanted: (readonly Term[])[] = roles.includes('auditor') ? [] : [[key('outcome', 'denied')]];
  for (const kind of filterKinds) {
    const filters = filtersIn(input, kind);
    const terms = (exclude: boolean): Term[] =>
      [...new Set(filters.filter((each) => each.exclude === exclude).map(({ value }) => String(value)))].map((value) =>
        key(kind, value),
      );
    const any = terms(false);
    if (any.length > 0) wanted.push(any);
    for (const term of terms(true)) unwanted.push([term]);
  }
  for (const { tokens, exclude } of wordsIn(input))
    if (exclude) unwanted.push(begunWith(tokens));
    else for (const term of begunWith(tokens)) wanted.push([term]);
  // The index has to be asked for something.
  if (wanted.length === 0) wanted.push([key(isUnfiltered(query) ? 'topLevel' : 'every', '')]);
  return { wanted, unwanted };
}

/** Items that changed a field of a subject. */
export function changedIn(subject: string): SearchExpression {
  return { wanted: [[key('changed', subject)]], unwanted: [] };
}

/** Which of a block's items it finds. */
export function foundIn({ wanted, unwanted }: SearchExpression, postings: string, items: number): Bits {
  let bits = allOf(items);
  for (const any of wanted) {
    let some = 0;
    for (const term of any) some |= bitsOfTerm(postings, term);
    bits &= some;
    if (bits === 0) return 0;
  }
  for (const together of unwanted) {
    let all = bits;
    for (const term of together) all &= bitsOfTerm(postings, term);
    bits &= ~all;
  }
  return bits;
}

/** The items of a block that are runs. */
export function versionsOfRuns(postings: string): Bits {
  return bitsOf(postings, runVersion);
}

/** What FTS5 is asked for all blocks in which an item may be found; every token is quoted and made by ourselves. */
export function mayHold({ wanted, unwanted }: SearchExpression): string {
  return joined(wanted.map(anyOf(inSome)), unwanted.map(allTogether(inEvery)));
}

/** The same for blocks of which every item is found; those with versions of runs are never among them. */
export function holdsOnly({ wanted, unwanted }: SearchExpression): string {
  return joined(wanted.map(anyOf(inEvery)), [
    ...unwanted.map(allTogether(inSome)),
    inSome({ token: runVersion, isPrefix: false }),
  ]);
}

type Quote = (term: Term) => string;

const quoted: Quote = ({ token, isPrefix }) => `"${token}"${isPrefix ? '*' : ''}`;
const inSome: Quote = ({ token, isPrefix }) => quoted({ token: inIndex(token), isPrefix });
// Where the index lacks a token, no block is known to have it everywhere, which is always true enough.
const inEvery: Quote = ({ token, isPrefix }) => quoted({ token: everywhere(token), isPrefix });
const anyOf = (quote: Quote) => (terms: readonly Term[]) => `(${terms.map(quote).join(' OR ')})`;
const allTogether = (quote: Quote) => (terms: readonly Term[]) => `(${terms.map(quote).join(' AND ')})`;

function joined(wanted: readonly string[], unwanted: readonly string[]): string {
  const all = `(${wanted.join(' AND ')})`;
  return unwanted.length > 0 ? `(${all} NOT (${unwanted.join(' OR ')}))` : all;
}

function bitsOfTerm(postings: string, { token, isPrefix }: Term): Bits {
  return isPrefix ? bitsOfPrefix(postings, token) : bitsOf(postings, token);
}

function key(kind: KeyKind, value: string): Term {
  return { token: keyToken(kind, value), isPrefix: false };
}

function filtersIn(input: ViewQuery['input'], name: string): readonly Filter[] {
  return (input[name] as readonly Filter[] | undefined) ?? [];
}

function wordsIn(input: ViewQuery['input']): readonly Word[] {
  return (input['q'] as readonly Word[] | undefined) ?? [];
}

/** A word may be the beginning of one: its last token, that is, for `pool01.con` begins with a whole one. */
function begunWith(tokens: Word['tokens']): readonly Term[] {
  return tokens.map((token, place) => ({
    token,
    isPrefix: place === tokens.length - 1 && token.length >= prefixCharactersMin,
  }));
}
