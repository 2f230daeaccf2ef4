import type { Run } from '../../api/types.js';

export type RunAction = 'pause' | 'resume' | 'stop' | 'retry';

/** What makes sense with a run as it stands. */
export function actionsFor({
  state,
  counts,
  processed,
  total,
}: Pick<Run, 'state' | 'counts' | 'processed' | 'total'>): readonly RunAction[] {
  if (state === 'running') return ['pause', 'stop'];
  if (state === 'paused') return ['resume', 'stop'];
  const failed = counts.refused + counts.invalid > 0;
  const skipped = state === 'stopped' && (total === null || processed < total);
  return failed || skipped ? ['retry'] : [];
}
