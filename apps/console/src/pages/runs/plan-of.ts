/** The plan that a run applies: its file has the plan's name. */
export function planOf(file: string | null): string | undefined {
  return /^plan ([0-9a-f-]{36})$/.exec(file ?? '')?.[1];
}
