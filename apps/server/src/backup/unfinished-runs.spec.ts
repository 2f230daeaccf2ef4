import { UnfinishedRuns } from './unfinished-runs.js';

function after(...types: readonly string[]): boolean {
  const runs = new UnfinishedRuns();
  for (const type of types) runs.take({ stream: 'run-r1', type });
  return runs.has('r1');
}

test.each([
  [['RunStarted', 'RunAdvanced'], true],
  [['RunStarted', 'RunAdvanced', 'RunFinished'], false],
  [['RunStarted', 'RunStopped'], false],
  [['RunStarted', 'RunAdvanced', 'RunPaused'], true],
  [['RunStarted', 'RunPaused', 'RunResumed'], true],
  [['RunStarted', 'RunPaused', 'RunStopped'], false],
  [['RunStarted', 'RunFinished', 'RunRetried'], true],
  [['RunStarted', 'RunStopped', 'RunRetried', 'RunAdvanced', 'RunFinished'], false],
])('after %j it is %p that a run may go on', (types, goesOn) => {
  expect(after(...types)).toBe(goesOn);
});
