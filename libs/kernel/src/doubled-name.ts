/**
 * A name that an object in a JSON text gives to two members, of which a parser keeps the last without a word; undefined where there is
 * none. `value` is what the text was parsed to, nested no deeper than a stack takes.
 */
export function doubledName(text: string, value: unknown): string | undefined {
  return namesIn(text) === membersOf(value) ? undefined : firstDoubled(text);
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];

/** Names of members, however often each is given: every colon outside of strings ends one. */
function namesIn(text: string): number {
  let names = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === colon) names++;
  }
  return names;
}

/** Where the string that begins here ends. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length && text.charCodeAt(at) !== quote; at++) if (text.charCodeAt(at) === backslash) at++;
  return at;
}

/** Members of all objects in a parsed value. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  let members = Array.isArray(value) ? 0 : inside.length;
  for (const each of inside) if (typeof each === 'object') members += membersOf(each);
  return members;
}

function firstDoubled(text: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      last = text.slice(at, end + 1);
      at = end;
    } else if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':') {
      const name = JSON.parse(last) as string;
      if (open.at(-1)?.has(name)) return name;
      open.at(-1)?.add(name);
    }
  }
  return undefined;
}
