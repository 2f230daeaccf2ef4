/** An instant as `<input type="datetime-local">` has it: local, to the second. */
export function localOf(instant: string): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The instant of a local time: its second whole, so that what happened within it is seen; never in the future. */
export function asOfLocal(local: string, now = Date.now()): string | undefined {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? undefined : new Date(Math.min(Math.floor(ms / 1000) * 1000 + 999, now)).toISOString();
}
