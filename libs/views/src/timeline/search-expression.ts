import type { Filter, ViewQuery } from '../view.js';
import type { Word } from './timeline-parameters.js';
import { type KeyKind, keyToken } from './tokens.js';

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

/** What FTS5 is asked; every token of it is quoted and made by ourselves. */
export function searchExpression(query: ViewQuery): string {
  const { input, roles } = query;
  const wanted: string[] = [];
  const unwanted: string[] = roles.includes('auditor') ? [] : [quoted(keyToken('outcome', 'denied'))];
  for (const kind of filterKinds) {
    const filters = filtersIn(input, kind);
    const keys = (exclude: boolean): string[] => [
      ...new Set(
        filters.filter((each) => each.exclude === exclude).map(({ value }) => quoted(keyToken(kind, String(value)))),
      ),
    ];
    const any = keys(false);
    if (any.length > 0) wanted.push(`(${any.join(' OR ')})`);
    unwanted.push(...keys(true));
  }
  for (const { tokens, exclude } of wordsIn(input))
    if (exclude) unwanted.push(`(${begunWith(tokens).join(' AND ')})`);
    else wanted.push(...begunWith(tokens));
  // Something has to be there for NOT to take from.
  if (wanted.length === 0) wanted.push(quoted(keyToken(isUnfiltered(query) ? 'topLevel' : 'every', '')));
  const all = wanted.join(' AND ');
  return unwanted.length > 0 ? `(${all}) NOT (${unwanted.join(' OR ')})` : all;
}

/** The same, of runs alone. */
export function searchExpressionOfRuns(query: ViewQuery): string {
  return `(${searchExpression(query)}) AND ${quoted(keyToken('run', ''))}`;
}

function filtersIn(input: ViewQuery['input'], name: string): readonly Filter[] {
  return (input[name] as readonly Filter[] | undefined) ?? [];
}

function wordsIn(input: ViewQuery['input']): readonly Word[] {
  return (input['q'] as readonly Word[] | undefined) ?? [];
}

/** A word may be the beginning of one: its last token, that is, for `pool01.con` begins with a whole one. */
function begunWith(tokens: Word['tokens']): readonly string[] {
  const last = tokens.at(-1) ?? '';
  return [...tokens.slice(0, -1).map(quoted), last.length >= prefixCharactersMin ? `${quoted(last)}*` : quoted(last)];
}

function quoted(token: string): string {
  return `"${token}"`;
}
