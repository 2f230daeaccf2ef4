import type { Trouble } from '#runs';
import { problemOf } from '../problems/problem-of.js';

/** What the run views tell. */
interface ShownRun {
  readonly run: string;
  readonly state: string;
  readonly stuck: { readonly since: string; readonly because: string | null } | null;
}

export type TroubleOf = (run: string) => Trouble | undefined;

const ofOne = '/api/runs/:run';
const ofAll = '/api/runs';

/** Tells of runs that do not go on just now why that is, which only the process that works through them knows. */
export function withCauses(path: string, body: object | undefined, troubleOf: TroubleOf): object | undefined {
  if (path === ofOne) return body && withCause(body as ShownRun, troubleOf);
  if (path !== ofAll) return body;
  const { items, ...rest } = body as { readonly items: readonly ShownRun[] };
  return { items: items.map((run) => withCause(run, troubleOf)), ...rest };
}

function withCause(shown: ShownRun, troubleOf: TroubleOf): ShownRun {
  const trouble = shown.state === 'running' ? troubleOf(shown.run) : undefined;
  if (!trouble) return shown;
  return { ...shown, stuck: { since: shown.stuck?.since ?? trouble.since, because: said(trouble) } };
}

function said({ error }: Trouble): string {
  const problem = problemOf(error);
  return problem.kind === 'internal' ? 'something is wrong in the server; its log tells of the run' : problem.message;
}
