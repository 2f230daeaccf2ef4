/** A PowerShell variable, such as one of the script's own parameters. */
export class Variable {
  constructor(readonly name: string) {}
}

/** What a cmdlet's parameter may be given; `null` is `$null`. */
export type Value = string | number | boolean | null | Variable;

/** Every one of these begins and ends a single-quoted string: PowerShell takes the typographic ones for `'`. */
const singleQuotes = /['\u2018\u2019\u201a\u201b]/g;
// Controls, line and paragraph separators, invisible and direction-changing characters, halves of pairs: nobody could see them in a script.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const seenRuns = /[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+|[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A value as PowerShell reads it back, whatever a name holds: nothing in single quotes is expanded. */
export function literal(value: Value): string {
  if (value instanceof Variable) return `$${value.name}`;
  if (value === null) return '$null';
  if (typeof value === 'boolean') return value ? '$true' : '$false';
  if (typeof value === 'number') return `${value}`;
  return unseen.test(value) ? joined(value) : quoted(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll(singleQuotes, '$&$&')}'`;
}

/** `('two' + [char]0x000A + 'lines')` */
function joined(text: string): string {
  const parts = text.match(seenRuns) ?? [];
  const written = parts.flatMap((part) => (unseen.test(part) ? codeUnits(part) : [quoted(part)]));
  // What begins with a [char] would be a sum of numbers.
  return `('' + ${written.join(' + ')})`;
}

function codeUnits(text: string): string[] {
  return Array.from(
    { length: text.length },
    (_, at) => `[char]0x${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
