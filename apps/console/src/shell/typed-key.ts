/** What the keys of a Latin keyboard say by their place: without and with Shift. */
const places: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Slash: ['/', '?'],
};

/**
 * The key that was meant. Where the layout has other letters than Latin ones it is told by its place; the Russian one has `.` and `,` on the key
 * of `/` and `?`.
 */
export function typedKey({ key, code, shiftKey }: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>): string {
  const isKnown = /^[\x20-\x7e]+$/.test(key) && !(code === 'Slash' && (key === '.' || key === ','));
  if (isKnown) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter : letter.toLowerCase();
  return places[code]?.[shiftKey ? 1 : 0] ?? key;
}
