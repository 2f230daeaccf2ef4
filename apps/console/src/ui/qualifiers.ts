/** One term of a search text: `name:value`, or a free word where the name is empty. */
export interface Term {
  readonly name: string;
  readonly value: string;
  readonly exclude: boolean;
}

const termPattern = /(-?)(?:([a-zA-Z]+):)?(?:"([^"]*)"|(\S+))/g;

/** What a search text says: `actor:anna -outcome:refused "two words" word`. Only these names are qualifiers; other text before a colon is a word. */
export function readQualifiers(text: string, names: readonly string[]): readonly Term[] {
  return Array.from(text.matchAll(termPattern), ([whole, minus, name = '', quoted, bare = '']) => {
    const known = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (name !== '' && known === undefined) {
      const word = whole.slice(minus?.length ?? 0);
      return { name: '', value: word.replaceAll('"', ''), exclude: minus === '-' };
    }
    return { name: known ?? '', value: quoted ?? bare, exclude: minus === '-' };
  }).filter(({ name, value }) => value !== '' && !(name === '' && isUnfinished(value, names)));
}

/** `pool:` as somebody is still writing it. */
function isUnfinished(word: string, names: readonly string[]): boolean {
  return names.some((name) => word.toLowerCase() === `${name.toLowerCase()}:`);
}

export function writeQualifiers(terms: readonly Term[]): string {
  return terms
    .map(({ name, value, exclude }) => {
      const text = /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
      return `${exclude ? '-' : ''}${name === '' ? '' : `${name}:`}${text}`;
    })
    .join(' ');
}

/** The API's parameters for these terms; free words together are `q`. */
export function parametersOf(terms: readonly Term[]): Readonly<Record<string, readonly string[]>> {
  const parameters: Record<string, string[]> = {};
  const words: string[] = [];
  for (const { name, value, exclude } of terms) {
    const text = `${exclude ? '-' : ''}${value}`;
    if (name === '') words.push(text);
    else (parameters[name] ??= []).push(text);
  }
  return words.length === 0 ? parameters : { ...parameters, q: [words.join(' ')] };
}

/** Puts a term in the place of the one of its name, or takes that away. */
export function withTerm(text: string, names: readonly string[], name: string, value: string | undefined): string {
  const others = readQualifiers(text, names).filter((term) => term.name !== name);
  return writeQualifiers(value === undefined ? others : [...others, { name, value, exclude: false }]);
}

/** The term that the cursor stands in, as far as it is written. */
export function termAt(text: string, cursor: number): { readonly start: number; readonly text: string } {
  const before = text.slice(0, cursor);
  const open = (before.match(/"/g)?.length ?? 0) % 2 === 1 ? before.lastIndexOf('"') : before.length;
  const start = before.slice(0, open).search(/\S+$/);
  return start === -1 ? { start: cursor, text: '' } : { start, text: before.slice(start) };
}
