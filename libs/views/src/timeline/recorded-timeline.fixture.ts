import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { access } from '#access';
import { content } from '#content';
import { decommission } from '#decommission';
import { type EventMeta, parseStored, type RecordedEvent, shellEvents, storedText } from '#event-log';
import { homing } from '#homing';
import { canonicalJson, type EventCatalogue, type Role } from '#kernel';
import { policy } from '#policy';
import { runEvents } from '#runs';
import { topology } from '#topology';
import { moments } from '../moments.js';
import type { ProjectedEvent, ProjectionWriter } from '../projection.js';
import type { Filter, ListAnswer, ViewQuery } from '../view.js';
import { timelineParameters } from './timeline-parameters.js';
import { timelineProjection } from './timeline-projection.js';
import { timelineView } from './timeline-view.js';

export const catalogue: EventCatalogue = {
  ...shellEvents,
  ...topology.events,
  ...policy.events,
  ...homing.events,
  ...content.events,
  ...decommission.events,
  ...access.events,
  ...runEvents,
};

export interface ShownItem {
  readonly position: string;
  readonly at: string;
  readonly actor: { readonly id: string; readonly name: string; readonly via: string };
  readonly command: string | null;
  readonly outcome: string;
  readonly subjects: readonly string[];
  readonly summary: string;
  readonly changes: readonly object[];
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly refusals: readonly object[];
  readonly correlationId: string;
  readonly causationId: string;
  readonly run: string | null;
  readonly events: readonly string[];
}

export interface Written {
  readonly type: string;
  readonly data?: object;
  readonly stream?: string;
}

export type Meta = Partial<Omit<EventMeta, 'actor'>> & { readonly actor?: Partial<EventMeta['actor']> };

const firstMoment = Date.parse('2013-05-01T00:00:00Z');

/** A log of events made up, and the timeline of it in files of its own. */
export class RecordedTimeline {
  readonly events: RecordedEvent[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'timeline-'));
  private readonly files = { timeline: join(this.folder, 'timeline.db'), moments: join(this.folder, 'moments.db') };
  private readonly writers: readonly { readonly db: Database.Database; writer: ProjectionWriter }[];
  private readonly reader = new Database(':memory:');
  private projected = 0;
  private commands = 0;

  constructor() {
    this.writers = [timelineProjection(catalogue), moments].map((projection) => {
      const db = new Database(this.files[projection.name as 'timeline']);
      db.pragma('journal_mode = wal');
      db.pragma('synchronous = off');
      db.exec(projection.schema);
      return { db, writer: projection.open(db) };
    });
    for (const [name, file] of Object.entries(this.files)) this.reader.prepare(`attach ? as "${name}"`).run(file);
  }

  get db(): Database.Database {
    return this.reader;
  }

  get head(): number {
    return Number(this.events.at(-1)?.position ?? -1n);
  }

  /** Records the events of one command, a minute after the last one; positions have gaps. */
  command(name: string | null, written: readonly Written[], meta: Meta = {}): RecordedTimeline {
    const commandId = `command-${++this.commands}`;
    const recordedAt = new Date(firstMoment + this.commands * 60_000).toISOString();
    const whole: EventMeta = {
      command: name,
      reason: null,
      ticket: null,
      commandId,
      correlationId: `correlation-${commandId}`,
      causationId: commandId,
      client: { ip: '127.0.0.1', agent: 'jest' },
      ...meta,
      actor: { id: 'token-1', name: 'Ada Ames', roles: ['operator'], via: 'api', ...meta.actor },
    };
    for (const { type, data = {}, stream = `any-${commandId}` } of written) {
      const position = BigInt(this.head + 1 + (this.events.length % 3));
      const record = {
        id: `event-${this.events.length}`,
        type,
        schemaVersion: 1,
        stream,
        data: canonicalJson(data),
        meta: canonicalJson(whole),
      };
      this.events.push(parseStored(storedText(record, 0n, recordedAt), position));
    }
    return this;
  }

  /** Hands over what is new, in batches of this size. */
  project(batchSize = 1000): RecordedTimeline {
    for (; this.projected < this.events.length; this.projected += batchSize) {
      const batch = this.events.slice(this.projected, this.projected + batchSize).map(projectedEvent);
      for (const { db, writer } of this.writers)
        db.transaction(() => {
          writer.apply(batch);
          writer.finish?.();
        })();
    }
    this.projected = this.events.length;
    return this;
  }

  /** A projection that is opened anew, as after a restart. */
  restart(): RecordedTimeline {
    const [timeline] = this.writers;
    if (timeline) timeline.writer = timelineProjection(catalogue).open(timeline.db);
    return this;
  }

  /** Asks as the rim does: parameters as text, several of them as a list. */
  ask(parameters: Readonly<Record<string, string | readonly string[]>> = {}, query: Partial<ViewQuery> = {}): Shown {
    this.project();
    const asked: ViewQuery = {
      input: parse(parameters),
      at: this.head,
      instant: '2013-06-01T00:00:00.000Z',
      limit: 50,
      cursor: undefined,
      roles: ['auditor'] satisfies Role[],
      ...query,
    };
    return timelineView.run(this.reader, asked) as ListAnswer as Shown;
  }

  close(): void {
    this.reader.close();
    for (const { db } of this.writers) db.close();
    rmSync(this.folder, { recursive: true });
  }
}

export interface Shown extends ListAnswer {
  readonly items: readonly ShownItem[];
}

export function projectedEvent(event: RecordedEvent): ProjectedEvent {
  return { event, data: event.data, position: Number(event.position) };
}

function parse(parameters: Readonly<Record<string, string | readonly string[]>>): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(parameters)) {
    const parameter = timelineParameters[name];
    if (!parameter) throw new Error(`no parameter ${name}`);
    const values = [given].flat().map((text): Filter => {
      const exclude = parameter.negatable === true && text.startsWith('-');
      const parsed = parameter.parse(exclude ? text.slice(1) : text);
      if (parsed.problem !== undefined) throw new Error(`${name} ${parsed.problem}`);
      return { value: parsed.value, exclude };
    });
    input[name] = parameter.negatable ? values : values[0]?.value;
  }
  return input;
}
