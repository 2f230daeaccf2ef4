import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

// Runs as it is under Node's type stripping too, so it imports nothing of ours.

const roundsMax = 4;
/** Few enough for the writer to copy between two batches. */
const framesLeft = 64;

const db = new Database((workerData as { file: string }).file, { fileMustExist: true });
db.pragma('wal_autocheckpoint = 0');

/** Each round copies what was written during the one before, so what is left shrinks. */
parentPort?.on('message', () => {
  for (let round = 0; round < roundsMax; round++) {
    const [result] = db.pragma('wal_checkpoint(passive)') as [{ log: number; checkpointed: number }];
    if (result.log - result.checkpointed <= framesLeft) break;
  }
  parentPort?.postMessage('done');
});
