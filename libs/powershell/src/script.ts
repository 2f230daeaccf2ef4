import type { Cmdlet } from './cmdlet.js';
import { literal } from './literal.js';

/** Lines end as Windows PowerShell's own do. */
export const newline = '\r\n';
/** Without it Windows PowerShell reads a script in the machine's own code page, and names in others' letters are lost. */
export const byteOrderMark = '\ufeff';

/** A parameter of the script: something that whoever runs it knows and the tracker does not. */
export interface ScriptParameter {
  readonly name: string;
  readonly about: string;
  /** Absent: it has to be given. */
  readonly fallback?: string;
}

/**
 * What every script begins with. It does nothing but tell what it would do until it is run with `-Apply`.
 * @param about what it is and where it comes from, a line each
 */
export function scriptHead(about: readonly string[], parameters: readonly ScriptParameter[] = []): string {
  return lines(
    ...about.map((line) => remark(line)),
    remark('Run it in the Lync Server 2013 Management Shell, with the rights of the cmdlets below.'),
    remark('As it is, it only tells what it would do (-WhatIf). Read that, then run it again with -Apply.'),
    '#Requires -Version 3.0',
    '[CmdletBinding()]',
    'param(',
    ...parameters.flatMap(({ name, about, fallback }) => [
      `  ${remark(about)}`,
      fallback === undefined
        ? `  [Parameter(Mandatory)] [string] $${name},`
        : `  [string] $${name} = ${literal(fallback)},`,
    ]),
    '  [switch] $Apply',
    ')',
    '$WhatIf = -not $Apply',
    "$ErrorActionPreference = 'Continue'",
    '# For cmdlets that cannot be asked what they would do.',
    'function Invoke-IfApplied([scriptblock] $Command) { if ($Apply) { & $Command } else { "What if:$Command" } }',
  );
}

/** A heading between parts. */
export function heading(text: string): string {
  return lines('', remark(`--- ${text} ---`));
}

/** A comment in one line, whatever the text holds. */
export function remark(text: string): string {
  return `# ${inOneLine(text)}`;
}

/**
 * A line that calls a cmdlet.
 * @param note a comment at its end, such as the row it stands for
 * @param whatIf `always`: it only ever tells what it would do
 */
export function call(
  { text, asks }: Cmdlet,
  note?: string,
  whatIf: 'unless-applied' | 'always' = 'unless-applied',
): string {
  const asked = whatIf === 'always' ? ' -WhatIf' : ' -WhatIf:$WhatIf -Confirm:$false';
  const line = asks ? text + asked : `Invoke-IfApplied { ${text} }`;
  return note === undefined ? line : `${line} ${remark(note)}`;
}

export function lines(...each: readonly string[]): string {
  return each.map((line) => line + newline).join('');
}

/** Line breaks, other controls and characters that change the direction of what follows become spaces. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
