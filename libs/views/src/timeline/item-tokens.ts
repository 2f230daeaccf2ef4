import { LRUCache } from 'lru-cache';
import { type Header, isTopLevel } from './stored-item.js';
import { digestOf, foldValue, keyOfDigest, keyToken, wordsOf } from './tokens.js';

// An item is found by the words of its texts and by one key for every value that a filter can name.

const every = keyToken('every', '');
const topLevel = keyToken('topLevel', '');
/** A run as it stood after one of its own events. */
export const runVersion = keyToken('run', '');

const remembered = new LRUCache<string, readonly string[]>({ max: 2000 });

/** `text` tells headers apart. */
export function headerTokens(text: string, header: Header): readonly string[] {
  const known = remembered.get(text);
  if (known) return known;
  const { actor, command, outcome, reason, ticket } = header;
  const tokens = [
    every,
    keyToken('outcome', outcome),
    keyToken('actor', foldValue(actor.id)),
    keyToken('actor', foldValue(actor.name)),
    ...wordsOf(actor.name),
  ];
  if (isTopLevel(header)) tokens.push(topLevel);
  if (header.isRun) tokens.push(runVersion);
  if (command !== null) tokens.push(keyToken('command', foldValue(command)));
  if (reason !== null) tokens.push(...wordsOf(reason));
  if (ticket !== null) tokens.push(keyToken('ticket', foldValue(ticket)), ...wordsOf(ticket));
  for (const type of header.types) tokens.push(keyToken('type', type));
  remembered.set(text, tokens);
  return tokens;
}

export interface SubjectTokens {
  /** Of items about it. */
  readonly about: readonly string[];
  /** Of items that changed a field of it. */
  readonly changed: string;
}

export function subjectTokens(subject: string): SubjectTokens {
  const digest = digestOf(foldValue(subject));
  return { about: [...wordsOf(subject), keyOfDigest('subject', digest)], changed: keyOfDigest('changed', digest) };
}

/**
 * What a summary says beside the names of its subjects, whose words are found by `subjectTokens`. For thousands of rows of an import that
 * is the same text.
 */
export function wording(summary: string, subjects: readonly string[]): string {
  let text = summary;
  for (const subject of subjects) {
    const id = subject.slice(subject.indexOf(':') + 1);
    const start = text.indexOf(id);
    const end = start + id.length;
    // In the midst of a word it is no name.
    if (start >= 0 && dividesWords(text, start - 1) && dividesWords(text, end))
      text = `${text.slice(0, start)} ${text.slice(end)}`;
  }
  return text;
}

function dividesWords(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  // NaN: before the beginning or after the end.
  return !(
    code > 0x7f ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  );
}
