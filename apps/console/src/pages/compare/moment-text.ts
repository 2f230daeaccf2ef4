/**
 * A moment as a person writes it: `@950`, an instant with its zone, or a local day or time, which begins there for the first moment and ends there for
 * the second. Undefined where it is none of these.
 */
export function momentOf(text: string, side: 'from' | 'to'): string | undefined {
  const trimmed = text.trim();
  if (/^@\d{1,18}$/.test(trimmed)) return trimmed;
  if (/^\d{1,18}$/.test(trimmed)) return `@${trimmed}`;
  const [, day, time = ''] = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+))?$/.exec(trimmed) ?? [];
  if (day === undefined) return undefined;
  const clock = time === '' ? (side === 'from' ? '00:00:00.000' : '23:59:59.999') : time;
  const ms = Date.parse(`${day}T${clock}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
