import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordedEvent, upcast } from '#event-log';
import { contentStream } from '#content';
import { canonicalJson, type EventCatalogue } from '#kernel';
import {
  estateProjections,
  estateViews,
  type ListAnswer,
  openViewsInProcess,
  timelineProjection,
  timelineView,
  type Views,
} from '#views';
import { MemoryLog } from '../memory-log.js';
import { catalogue, tellStory } from './story.js';

type Data = Readonly<Record<string, unknown>>;

/**
 * The worked example of CONTRIBUTING.md, "How to change an event". Let a room once have been recorded as `private` or not; then type and
 * privacy came. Shape 2 is the one that deciders and views know; shape 1 is read through one step.
 */
const evolved: EventCatalogue = {
  ...catalogue,
  RoomAdded: {
    ...catalogue['RoomAdded']!,
    schemaVersion: 2,
    upcast: {
      1: ({ private: isPrivate, ...rest }) => ({
        ...rest,
        type: 'normal',
        privacy: isPrivate === true ? 'closed' : 'open',
      }),
    },
  },
};

/** What a program of that time wrote. */
function asShape1({ type: _type, privacy, ...rest }: Data): Data {
  return { ...rest, private: privacy === 'closed' };
}

let today: MemoryLog;
let older: MemoryLog;
beforeAll(async () => {
  const { log } = await tellStory();
  today = await rewritten(log, (event) =>
    event.type === 'RoomAdded' ? { schemaVersion: 2, data: event.data } : event,
  );
  older = await rewritten(log, (event) =>
    event.type === 'RoomAdded' ? { schemaVersion: 1, data: asShape1(event.data) } : event,
  );
});

test('an event of shape 1 stays as it was stored, and is read in the shape of today', () => {
  const [before, now] = [older, today].map((log) => log.recorded.find(({ type }) => type === 'RoomAdded')!);
  expect(before!.text).toContain('"private":true');
  expect(before!.text).not.toBe(now!.text);
  expect(upcast(evolved, before!)).toEqual(now!.data);
});

test('deciders fold the same state from both', async () => {
  expect(await content(older)).toEqual(await content(today));
  // The room was really there: before it was removed, its state is the one of shape 2.
  const room = today.recorded.find(({ type }) => type === 'RoomAdded')!;
  expect(JSON.stringify(await content(older, room.position))).toContain('"privacy":"closed"');
});

test('views now and at any moment, the timeline and the diff are identical', async () => {
  const [before, now] = [await shown(older), await shown(today)];
  expect(before).toEqual(now);
  expect(JSON.stringify(now)).toContain('added the closed normal room Lobby');
});

test('a shape without a step, and one from the future, are told and not guessed', () => {
  const room = older.recorded.find(({ type }) => type === 'RoomAdded')!;
  expect(() => upcast(catalogue, { ...room, schemaVersion: 3 })).toThrow(/newer than this program/);
  const forgotten = { ...evolved, RoomAdded: { ...evolved['RoomAdded']!, upcast: {} } };
  expect(() => upcast(forgotten, room)).toThrow(/no upcaster for shape 1 of RoomAdded/);
});

type Stored = Pick<RecordedEvent, 'schemaVersion' | 'data'>;

async function rewritten(log: MemoryLog, stored: (event: RecordedEvent) => Stored): Promise<MemoryLog> {
  const copy = new MemoryLog({ clock: () => log.recorded[0]!.recordedAt });
  for (const event of log.recorded) {
    const { stream, id, type, revision, meta } = event;
    const { schemaVersion, data } = stored(event);
    const expect = revision === 0n ? 'no-stream' : revision - 1n;
    await copy.append(
      [{ stream, id, type, schemaVersion, data: canonicalJson(data), meta: canonicalJson(meta) }],
      [{ stream, expect }],
    );
  }
  return copy;
}

/** The state of the legacy deployment's content, up to a position. */
async function content(log: MemoryLog, through = BigInt(Number.MAX_SAFE_INTEGER)): Promise<unknown> {
  const stream = contentStream('gchat10.contoso.com');
  let state = stream.type.initial;
  for (const event of log.recorded)
    if (event.stream === stream.name && event.position <= through)
      state = stream.type.evolve(state, { type: event.type, data: upcast(evolved, event) } as never);
  return JSON.parse(JSON.stringify(state));
}

/** Rooms after every event, the whole timeline, and what differs between the beginning and each moment. */
async function shown(log: MemoryLog): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'homeward-evolution-'));
  const views = await openViewsInProcess({
    folder,
    log,
    catalogue: evolved,
    definitions: [...estateViews, timelineView],
    threads: [estateProjections, [timelineProjection(evolved)]],
  });
  try {
    await views.reached(await log.head());
    const rooms: unknown[] = [];
    for (const { position } of log.recorded) {
      const asked = { asOf: { position }, limit: 500, roles: ['auditor'] as const };
      rooms.push(await body(views, '/api/rooms', { ...asked, input: { deployment: 'gchat10.contoso.com' } }));
      rooms.push(await body(views, '/api/diff', { ...asked, input: { from: { position: 0n } } }));
    }
    return { rooms, timeline: await body(views, '/api/timeline', { limit: 500, roles: ['auditor'], input: {} }) };
  } finally {
    await views.close();
    rmSync(folder, { recursive: true });
  }
}

async function body(views: Views, path: string, request: Parameters<Views['query']>[1]): Promise<ListAnswer> {
  return (await views.query(path, request)).body as ListAnswer;
}
