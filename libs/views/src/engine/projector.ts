import type { EventCatalogue } from '#kernel';
import type { EventLogReader } from '#event-log';
import type { Projection } from '../projection.js';
import { Follower, type FollowerOptions } from './follower.js';
import { Gauges } from './gauges.js';
import { inbox } from './inbox.js';
import type { FromProjector, Port, ToProjector } from './messages.js';
import { ReadModel } from './read-model.js';

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
  let models: readonly ReadModel[] = [];
  let options: FollowerOptions | undefined;
  const followers: Follower[] = [];
  for await (const message of inbox(port)) {
    if (message.kind === 'stop') break;
    if (message.kind === 'start') {
      models = await openAll(projections, folder, log);
      options = followerOptions(port, log, folder, catalogue, message);
      followers.push(new Follower(models, options));
      const files = Object.fromEntries(models.map(({ projection, file }) => [projection.name, file]));
      port.postMessage({ kind: 'opened', files });
    } else if (options) {
      const failed = models.find(({ projection, failure }) => failure && projection.name === message.projection);
      if (!failed) continue;
      failed.retry();
      options.gauges.become(failed.projection.name, 'rebuilding');
      // The others' subscription has gone past what this one needs, so it gets one of its own.
      followers.push(new Follower([failed], { ...options, onBatch: undefined }));
    }
  }
  await Promise.all(followers.map((follower) => follower.stop()));
  for (const model of models) model.close();
  port.postMessage({ kind: 'stopped' });
}

async function openAll(
  projections: readonly Projection[],
  folder: string,
  log: EventLogReader,
): Promise<readonly ReadModel[]> {
  const models: ReadModel[] = [];
  for (const projection of projections) models.push(await ReadModel.open(projection, folder, log));
  return models;
}

function followerOptions(
  port: Port<ToProjector, FromProjector>,
  log: EventLogReader,
  folder: string,
  catalogue: EventCatalogue,
  { names, gauges, announces }: Extract<ToProjector, { kind: 'start' }>,
): FollowerOptions {
  const onTrouble = (error: unknown): void =>
    port.postMessage({
      kind: 'trouble',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  return {
    log,
    catalogue,
    gauges: new Gauges(names, gauges),
    onBatch: announces ? (position, subjects) => port.postMessage({ kind: 'advanced', position, subjects }) : undefined,
    onFailed: ({ projection, failure }) => {
      if (failure) port.postMessage({ kind: 'failed', projection: projection.name, failure });
    },
    onCaughtUp: (model) => {
      model.removeOtherVersions(folder).catch(onTrouble);
    },
    onTrouble,
  };
}
