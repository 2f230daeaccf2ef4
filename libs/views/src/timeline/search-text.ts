import { isTopLevel, type StoredItem } from './stored-item.js';
import { foldText, foldValue, type KeyKind, keyToken } from './tokens.js';

/** What an item is found by: the words of its free text and one key for every value that a filter can name. */
export function searchText(item: StoredItem): string {
  const { actor, command, correlationId, outcome, reason, subjects, summary, ticket } = item;
  const words = [summary, ...subjects, actor.name];
  if (reason !== null) words.push(reason);
  if (ticket !== null) words.push(ticket);
  return `${foldText(words.join(' '))} ${keysOf(item, correlationId, outcome, command, ticket).join(' ')}`;
}

function keysOf(
  item: StoredItem,
  correlationId: string,
  outcome: string,
  command: string | null,
  ticket: string | null,
): readonly string[] {
  const keys = [keyToken('every', ''), keyToken('outcome', outcome), keyToken('correlation', correlationId)];
  const add = (kind: KeyKind, value: string): void => void keys.push(keyToken(kind, foldValue(value)));
  add('actor', item.actor.id);
  add('actor', item.actor.name);
  if (isTopLevel(item)) keys.push(keyToken('topLevel', ''));
  if (item.isRun) keys.push(keyToken('run', ''));
  if (command !== null) add('command', command);
  if (ticket !== null) add('ticket', ticket);
  for (const type of item.types) keys.push(keyToken('type', type));
  for (const subject of item.subjects) add('subject', subject);
  let changed = '';
  for (const { subject } of item.assignments) {
    if (subject !== changed) add('changed', subject);
    changed = subject;
  }
  return keys;
}
