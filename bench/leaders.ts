import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `host:port` of every node that a connection string names. */
export function nodesOf(connectionString: string): readonly string[] {
  return /^[^:]+:\/\/(?:[^@]*@)?([^?/]+)/.exec(connectionString)?.[1]?.split(',') ?? [];
}

/** The node that says it leads; undefined while none does. */
export async function leaderAmong(nodes: readonly string[]): Promise<string | undefined> {
  return nodes[(await statesOf(nodes)).indexOf('leader')];
}

/** One leads and all others follow: any one of them may end. */
export async function areWhole(nodes: readonly string[]): Promise<boolean> {
  const states = await statesOf(nodes);
  return states.includes('leader') && states.every((state) => state === 'leader' || state === 'follower');
}

const statesOf = (nodes: readonly string[]): Promise<string[]> => Promise.all(nodes.map((node) => stateOf(node)));

/** @param command of a shell, such as a script with `kill -9`; it gets the node. */
export async function endNode(command: string, node: string): Promise<void> {
  await run('sh', ['-c', `${command} "$1"`, 'sh', node]);
}

async function stateOf(node: string): Promise<string> {
  try {
    const response = await fetch(`http://${node}/info`, { signal: AbortSignal.timeout(500) });
    return ((await response.json()) as { state: string }).state;
  } catch {
    // It is the one that has just ended, or one that is busy with the election.
    return 'out of reach';
  }
}
