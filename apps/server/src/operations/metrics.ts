import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ProjectionStatus, Views } from '#views';
import type { LiveHub } from '../live/live-hub.js';
import type { SelfCheck } from '../projections/self-check.js';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What `/metrics` tells. Children are kept by label, because looking one up costs more than counting. */
export class Metrics {
  readonly registry = new Registry();
  private readonly commands = new Counter({
    name: 'homeward_commands_total',
    help: 'Commands answered, by command and outcome',
    labelNames: ['command', 'outcome'],
    registers: [this.registry],
  });
  private readonly latency = new Histogram({
    name: 'homeward_command_duration_seconds',
    help: 'From the parsed request to the answer of a command, its append included',
    labelNames: ['outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly batchAppends = new Histogram({
    name: 'homeward_append_batch_appends',
    help: 'Appends that shared one flush to the disk',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048],
    registers: [this.registry],
  });
  private readonly batchRecords = new Histogram({
    name: 'homeward_append_batch_events',
    help: 'Events written by one flush to the disk',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    registers: [this.registry],
  });
  private readonly requests = new Counter({
    name: 'homeward_http_requests_total',
    help: 'Requests answered, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  private readonly commandChildren = new Map<
    string,
    { count: Counter.Internal; latency: Histogram.Internal<'outcome'> }
  >();
  private readonly requestChildren = new Map<string, Counter.Internal>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  command(command: string, outcome: string, startedAt: number): void {
    const child = kept(this.commandChildren, `${command} ${outcome}`, () => ({
      count: this.commands.labels({ command, outcome }),
      latency: this.latency.labels({ outcome }),
    }));
    child.count.inc();
    child.latency.observe((performance.now() - startedAt) / 1000);
  }

  commandMalformed(command: string): void {
    this.commands.inc({ command, outcome: 'malformed' });
  }

  committed({ appends, records }: { readonly appends: number; readonly records: number }): void {
    this.batchAppends.observe(appends);
    this.batchRecords.observe(records);
  }

  /** Routes are patterns, so the labels are bounded whatever is asked for. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const method = request.raw.method ?? '';
    const route = request.routeOptions.url ?? 'none';
    const status = `${reply.statusCode}`;
    kept(this.requestChildren, `${method} ${route} ${status}`, () =>
      this.requests.labels({ method, route, status }),
    ).inc();
  }

  /** Gauges that are read from whoever knows. */
  watch(views: Views, live: LiveHub, selfCheck: SelfCheck): void {
    const lag = (read: (status: ProjectionStatus) => number) => async () =>
      (await views.statuses()).map((status) => [status.projection, read(status)] as const);
    this.gauge(
      'homeward_projection_lag_events',
      'Events that a projection has not seen yet',
      'projection',
      lag(({ lagEvents }) => lagEvents),
    );
    this.gauge(
      'homeward_projection_lag_seconds',
      'How old the first event is that a projection has not seen; 0 where it has seen all',
      'projection',
      lag(({ lagSeconds }) => lagSeconds),
    );
    this.gauge(
      'homeward_projection_failed',
      '1 where a projection has stopped',
      'projection',
      lag(({ state }) => (state === 'failed' ? 1 : 0)),
    );
    this.gauge(
      'homeward_projection_rebuild_progress',
      'From 0 to 1 where a projection is being made, rebuilt or compared',
      'projection',
      async () =>
        (await views.statuses()).flatMap(({ projection, progress }): [string, number][] =>
          progress ? [[projection, progress.total > 0 ? progress.done / progress.total : 1]] : [],
        ),
    );
    this.gauge(
      'homeward_self_check_differs',
      'Of the last self-check: 1 where a projection is not what the log says, 0 where it is',
      'projection',
      async () => {
        const { last } = selfCheck;
        const compared = last ? views.names.filter((name) => !last.notCompared.includes(name)) : [];
        return compared.map((name): [string, number] => [name, last?.differing.includes(name) ? 1 : 0]);
      },
    );
    this.gauge(
      'homeward_self_check_timestamp_seconds',
      'When the last self-check ended; seconds since 1970',
      'check',
      async () => (selfCheck.last ? [['views', Date.parse(selfCheck.last.finishedAt) / 1000]] : []),
    );
    this.gauge('homeward_live_clients', 'Clients that follow the live stream', 'stream', async () => [
      ['live', live.clients],
    ]);
  }

  /** A gauge that is read when it is asked for, one value a label. */
  private gauge(
    name: string,
    help: string,
    labelName: string,
    read: () => Promise<readonly (readonly [string, number])[]>,
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [labelName],
      registers: [],
      collect: async () => {
        const values = await read();
        gauge.reset();
        for (const [label, value] of values) gauge.set({ [labelName]: label }, value);
      },
    });
    this.registry.registerMetric(gauge);
  }
}

function kept<T>(children: Map<string, T>, key: string, make: () => T): T {
  let child = children.get(key);
  if (child === undefined) {
    child = make();
    children.set(key, child);
  }
  return child;
}
