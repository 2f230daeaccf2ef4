import { parseFqdn, parseInstant, parseMigrationId, type Parsed, parseSipUri, parseText, textMax } from '#kernel';
import type { ViewParameter } from '../view.js';
import { outcomes } from './stored-item.js';
import { foldValue, wordsOf } from './tokens.js';

const wordsMax = 32;
const searchMax = 1000;
/** The longest id is a policy's. */
const subjectMax = 'policy:'.length + textMax;

/** A word of `q`, as the tokens that an item must have, or must not have; the last one may be the beginning of one. */
export interface Word {
  readonly tokens: readonly string[];
  readonly exclude: boolean;
}

const manyOf = 'Several values: any of them; with a leading - : none of them.';

function exact(
  name: string,
  max: number,
  description: string,
  fold: (text: string) => string = foldValue,
): ViewParameter {
  return {
    schema: { type: 'string', minLength: 1, maxLength: max },
    description: `${description} ${manyOf}`,
    negatable: true,
    parse: (input) =>
      parseText(input, max).problem === undefined
        ? { value: fold(input) }
        : { problem: `must be ${name} of 1 to ${max} characters` },
  };
}

const unfolded = (text: string): string => text;
const ofCommand = (text: string): string => foldValue(text).replaceAll('-', '');

const idParsers: Readonly<Record<string, (id: string) => Parsed<string>>> = {
  pool: parseFqdn,
  deployment: parseFqdn,
  user: parseSipUri,
  migration: parseMigrationId,
};

function parseSubject(input: string): Parsed<string> {
  const problem = 'must be <kind>:<id>, such as user:sip:alice@contoso.com or pool:ocs01.contoso.com, or estate';
  if (input.toLowerCase() === 'estate') return { value: 'estate' };
  const [, kind = '', id = ''] = /^([a-z-]+):(.+)$/is.exec(input) ?? [];
  if (id === '' || parseText(input, subjectMax).problem !== undefined) return { problem };
  const parse = idParsers[kind.toLowerCase()];
  if (!parse) return { value: foldValue(input) };
  const parsed = parse(id);
  return parsed.problem === undefined
    ? { value: `${kind.toLowerCase()}:${parsed.value}` }
    : { problem: `${problem}; ${kind}: ${parsed.problem}` };
}

function parseWords(input: string): Parsed<readonly Word[]> {
  if (input === '' || input.length > searchMax) return { problem: `must have 1 to ${searchMax} characters` };
  const words = input
    .split(/\s+/u)
    .map((word) => ({ tokens: wordsOf(word), exclude: word.startsWith('-') }))
    .filter(({ tokens }) => tokens.length > 0);
  return words.length <= wordsMax ? { value: words } : { problem: `must have at most ${wordsMax} words` };
}

const instant = (description: string): ViewParameter => ({
  schema: { type: 'string', format: 'date-time' },
  description,
  // A + that was not percent-encoded has become a space.
  parse: (input) => parseInstant(input.replace(/ (?=\d{2}:\d{2}$)/, '+')),
});

export const timelineParameters: Readonly<Record<string, ViewParameter>> = {
  actor: exact("an actor's id or name", textMax, 'Who did it: the id of a token, or its whole name whatever its case.'),
  command: exact("a command's name", 100, 'The command, as HomeUser or home-user.', ofCommand),
  type: exact("an event type's name", 100, 'A type of event that it recorded, such as UserHomed.', unfolded),
  subject: {
    schema: { type: 'string', maxLength: subjectMax },
    description: `What it was about, as <kind>:<id>, such as user:sip:alice@contoso.com; names whatever their case. ${manyOf}`,
    negatable: true,
    parse: parseSubject,
  },
  outcome: {
    schema: { type: 'string', enum: outcomes },
    description: `How it ended; denied attempts are for auditors only. ${manyOf}`,
    negatable: true,
    parse: (input) =>
      (outcomes as readonly string[]).includes(input)
        ? { value: input }
        : { problem: `must be one of ${outcomes.join(', ')}` },
  },
  ticket: exact('a ticket', 100, 'The whole ticket, whatever its case.'),
  correlation: exact('a correlation id', 128, 'The X-Correlation-Id it came with.', unfolded),
  from: instant('The first instant.'),
  to: instant('The last instant, itself included.'),
  q: {
    schema: { type: 'string', minLength: 1, maxLength: searchMax },
    description:
      'Words that all occur in summary, subjects, name of the actor, reason or ticket, whatever their case. Each of them, from two characters, may be the ' +
      'beginning of a word there, but not its middle: pool1 and contoso find pool13.contoso.com, ool13 does not. What is no letter or digit divides words. A ' +
      'word with a leading - excludes what it would find. A text without any word finds nothing.',
    parse: parseWords,
  },
  rows: {
    schema: { type: 'boolean' },
    description: 'true: the rows of runs are items of their own, as they are with any filter but from and to.',
    parse: (input) =>
      input === 'true' || input === 'false' ? { value: input === 'true' } : { problem: 'must be true or false' },
  },
};
