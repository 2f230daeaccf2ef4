import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import type { Projection } from '../projection.js';
import { Follower, type FollowerOptions } from './follower.js';
import { Gauges } from './gauges.js';
import { inbox } from './inbox.js';
import type { Failure, Failures, FromProjector, Port, RebuildOrder, ToProjector } from './messages.js';
import { answered, erred } from './questions.js';
import { ReadModel, unfinishedOrder } from './read-model.js';
import { type Serving, Successions } from './successions.js';

/**
 * Keeps these projections' read models in `folder` up with the log, until `port` says stop. Runs in a worker of its own or,
 * over a `MessageChannel`, in the thread of who reads. The reader is the caller's to close afterwards.
 */
export async function runProjector(
  port: Port<ToProjector, FromProjector>,
  log: EventLogReader,
  projections: readonly Projection[],
  folder: string,
  catalogue: EventCatalogue,
): Promise<void> {
  const serving: Serving = { models: new Map(), followers: [] };
  let started: Started | undefined;
  for await (const message of inbox(port)) {
    if (message.kind === 'stop') break;
    if (message.kind === 'start') {
      for (const projection of projections)
        serving.models.set(projection.name, await ReadModel.open(projection, folder, log));
      const options = followerOptions(port, log, folder, catalogue, serving, message);
      started = { serving, options, successions: new Successions(serving, options, folder) };
      // Looked for before anything follows: a rebuild that is found is gone on with later.
      const opened = await whatWasOpened(serving, folder, log);
      serving.followers.push(new Follower([...serving.models.values()], options));
      port.postMessage(opened);
    } else if (started) hear(port, message, started);
  }
  await Promise.all(serving.followers.map((follower) => follower.stop()));
  started?.successions.close();
  for (const model of serving.models.values()) model.close();
  port.postMessage({ kind: 'stopped' });
}

interface Started {
  readonly serving: Serving;
  readonly options: FollowerOptions;
  readonly successions: Successions;
}

function hear(
  port: Port<ToProjector, FromProjector>,
  message: Exclude<ToProjector, { kind: 'start' | 'stop' }>,
  started: Started,
): void {
  if (message.kind === 'retry') return retry(message.projection, started);
  const { id } = message;
  void answer(message, started).then(
    (answer) => port.postMessage(answered(id, answer)),
    (error: unknown) => port.postMessage(erred(id, error)),
  );
}

function retry(name: string, { serving, options }: Started): void {
  const failed = serving.models.get(name);
  if (!failed?.failure) return;
  failed.retry();
  // The others' subscription has gone past what this one needs, so it gets one of its own.
  serving.followers.push(new Follower([failed], { ...options, onBatch: undefined }));
}

async function answer(
  message: Exclude<ToProjector, { kind: 'start' | 'stop' | 'retry' }>,
  { serving, successions }: Started,
): Promise<Failures | null> {
  switch (message.kind) {
    case 'save':
      serving.models.get(message.projection)?.save();
      return null;
    case 'adopt': {
      const failures: Record<string, Failure> = {};
      for (const [name, path] of Object.entries(message.files)) {
        const failure = await successions.adopt(name, path);
        if (failure) failures[name] = failure;
      }
      return failures;
    }
    case 'release': {
      const failures: Record<string, Failure> = {};
      for (const name of message.projections) {
        const failure = successions.release(name);
        if (failure) failures[name] = failure;
      }
      return failures;
    }
    case 'abandon':
      for (const name of message.projections) successions.abandon(name);
      return null;
    default:
      throw new Error(`no such message: ${JSON.stringify(message satisfies never)}`);
  }
}

async function whatWasOpened(
  { models }: Serving,
  folder: string,
  log: EventLogReader,
): Promise<Extract<FromProjector, { kind: 'opened' }>> {
  const files: Record<string, string> = {};
  const versions: Record<string, number> = {};
  const unfinished: Record<string, RebuildOrder> = {};
  for (const [name, model] of models) {
    files[name] = model.file.path;
    versions[name] = model.file.version;
    const order = await unfinishedOrder(model, folder, log);
    if (order) unfinished[name] = order;
  }
  return { kind: 'opened', files, versions, unfinished };
}

function followerOptions(
  port: Port<ToProjector, FromProjector>,
  log: EventLogReader,
  folder: string,
  catalogue: EventCatalogue,
  { models }: Serving,
  { names, gauges, announces }: Extract<ToProjector, { kind: 'start' }>,
): FollowerOptions {
  return {
    log,
    catalogue,
    gauges: new Gauges(names, gauges),
    onBatch: announces ? (position, subjects) => port.postMessage({ kind: 'advanced', position, subjects }) : undefined,
    onFailed: ({ projection, failure }) => {
      if (failure) port.postMessage({ kind: 'failed', projection: projection.name, failure });
    },
    onCaughtUp: ({ projection }) => models.get(projection.name)?.removeOthers(folder),
    onTrouble: (error) => port.postMessage({ kind: 'trouble', error: textOf(error) }),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
