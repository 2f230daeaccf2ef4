import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { WrongSetting } from './wrong-setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The names and values of a `.env`; none where there is no such file. @throws {WrongSetting} where a line of it says nothing */
export function readEnvFile(file: string): Environment {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new WrongSetting(
      `${file} cannot be read (${code}): it must be a text file of NAME=value lines, or not be there`,
    );
  }
  const line = lineThatSaysNothing(text);
  if (line !== undefined)
    throw new WrongSetting(
      `${file} must have NAME=value lines in UTF-8, and comments that begin with #: line ${line} is neither`,
    );
  return parseEnv(text);
}

/** Node passes over such a line. A quoted value may go on over several lines; a quote that nothing closes is part of the value. */
function lineThatSaysNothing(text: string): number | undefined {
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (/^\s*(#.*)?$/.test(line)) continue;
    const value = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/.exec(line)?.[1];
    if (value === undefined) return index + 1;
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.includes(quote, 1)) continue;
    const end = lines.findIndex((each, at) => at > index && each.includes(quote));
    if (end !== -1) index = end;
  }
  return undefined;
}
