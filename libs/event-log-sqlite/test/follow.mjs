/** Appends on this thread and follows on a worker thread; prints how long news took, in milliseconds, and what was seen. */
import { randomUUID } from 'node:crypto';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { beforeFirst } from '#event-log';
import { openSqliteLog, openSqliteLogReader } from '#event-log-sqlite';

const events = 3000;

async function writeAndWait() {
  const log = await openSqliteLog({ file: process.argv[2] });
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { file: process.argv[2], signal: log.headSignal },
  });
  await new Promise((resolve) => worker.once('message', resolve));
  const seen = new Promise((resolve) => worker.once('message', resolve));
  for (let n = 0; n < events; n += 10) {
    const streams = Array.from({ length: 10 }, () => `user-${randomUUID()}`);
    await Promise.all(
      streams.map((stream) =>
        log.append(
          [{ stream, id: randomUUID(), type: 'UserHomed', schemaVersion: 1, data: `{"at":${Date.now()}}`, meta: '{}' }],
          [{ stream, expect: 'no-stream' }],
        ),
      ),
    );
    if (n % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  console.log(JSON.stringify(await seen));
  await log.close();
}

async function followOnThisThread() {
  const reader = await openSqliteLogReader(workerData);
  parentPort.postMessage('ready');
  const positions = [];
  const latenciesMs = [];
  const enough = new AbortController();
  for await (const page of reader.subscribe(beforeFirst, enough.signal)) {
    for (const { position, data } of page) {
      positions.push(Number(position));
      latenciesMs.push(Date.now() - data.at);
    }
    if (positions.length >= events) enough.abort();
  }
  await reader.close();
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  parentPort.postMessage({ positions, medianMs: sorted[sorted.length >> 1] });
}

await (isMainThread ? writeAndWait() : followOnThisThread());
