type ConsolePart = typeof import('./console.js');
let part: ConsolePart | undefined;

export async function loadConsole(): Promise<ConsolePart> {
  return (part = await import('./console.js'));
}

export function loadedConsole(): ConsolePart | undefined {
  return part;
}
