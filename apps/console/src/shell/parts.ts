type ConsolePart = typeof import('./console.js');
type SignInPart = typeof import('./sign-in.js');
let consolePart: ConsolePart | undefined;
let signInPart: SignInPart | undefined;

export async function loadConsole(): Promise<ConsolePart> {
  return (consolePart = await import('./console.js'));
}

export function loadedConsole(): ConsolePart | undefined {
  return consolePart;
}

export async function loadSignIn(): Promise<SignInPart> {
  return (signInPart = await import('./sign-in.js'));
}

export function loadedSignIn(): SignInPart | undefined {
  return signInPart;
}
