import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStored, type RecordedEvent, upcast } from '#event-log';
import { canonicalJson, type DomainEvent } from '#kernel';
import { catalogue, firstOf, noLongerWritten, type Story, tellStory } from './story.js';

/** Writes golden files that are missing; those that are there are never rewritten. */
const writes = process.env['HOMEWARD_GOLDEN'] === 'write';

const types = Object.keys(catalogue).toSorted();
const shapes = types.flatMap((type) =>
  Array.from({ length: catalogue[type]!.schemaVersion }, (_, index) => ({ type, version: index + 1 })),
);
const textFile = (type: string, version: number) => join(__dirname, `${type}.v${version}.json`);
const meaningFile = (type: string, version: number) => join(__dirname, `${type}.v${version}.meaning.json`);

let story: Story;
beforeAll(async () => {
  story = await tellStory();
});

describe('golden files', () => {
  it('are those of the shapes that there are, and no others', () => {
    const known = new Set(shapes.flatMap(({ type, version }) => [textFile(type, version), meaningFile(type, version)]));
    const there = readdirSync(__dirname).filter((name) => name.endsWith('.json'));
    expect(there.map((name) => join(__dirname, name)).filter((path) => !known.has(path))).toEqual([]);
  });

  it.each(types.filter((type) => !noLongerWritten.has(type)))('%s is written today as its golden file says', (type) => {
    const { schemaVersion } = catalogue[type]!;
    const written = firstOf(story, type);
    if (!written) throw new Error(`nothing in test/golden/story.ts records ${type}; add the command that does`);
    expect(written.schemaVersion).toBe(schemaVersion);
    const golden = goldenText(type, schemaVersion, written.text);
    // Same bytes but for ids, which are random, and sentences for people: a shape that changes needs a higher schemaVersion.
    expect(shapeOf(written.text)).toBe(shapeOf(golden));
  });

  it.each(shapes)('$type, shape $version, is read as what it means', ({ type, version }) => {
    const event = parseStored(goldenText(type, version, firstOf(story, type)?.text), 1n);
    expect({ type: event.type, schemaVersion: event.schemaVersion }).toEqual({ type, schemaVersion: version });
    const { position: _, revision, text, ...rest } = event;
    expect(canonicalJson({ ...rest, revision: `${revision}` })).toBe(text);
    const meant = meaningOf(event);
    const file = meaningFile(type, version);
    if (writes && !existsSync(file)) writeFileSync(file, `${JSON.stringify(meant, undefined, 2)}\n`, { flag: 'wx' });
    expect(meant).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

function goldenText(type: string, version: number, today: string | undefined): string {
  const file = textFile(type, version);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  if (version !== catalogue[type]!.schemaVersion || today === undefined)
    throw new Error(`${file} is missing: a stored shape stays readable for ever; bring its file back`);
  if (!writes) throw new Error(`${file} is missing; HOMEWARD_GOLDEN=write npm run jest -- test/golden makes it`);
  writeFileSync(file, today, { flag: 'wx' });
  return today;
}

/** What deciders, the timeline and views take from a stored event: its data of today, what it says, and its stream's state after it. */
function meaningOf(event: RecordedEvent): object {
  const { type } = event;
  const descriptor = catalogue[type]!;
  const data = upcast(catalogue, event);
  const category = event.stream.slice(0, event.stream.indexOf('-'));
  const streamType = story.streamTypes.get(category);
  if (!streamType) throw new Error(`the story folds no stream like ${event.stream}`);
  const place = firstOf(story, type) ?? event;
  const before = story.log.recorded.filter(
    ({ stream, revision }) => stream === place.stream && revision < place.revision,
  );
  const earlier = before.map((each) => ({ type: each.type, data: upcast(catalogue, each) }));
  const facts = [...(inStream(earlier, place.stream, event.stream) as typeof earlier), { type, data }];
  const state = facts.reduce((folded, fact) => streamType.evolve(folded, fact as DomainEvent), streamType.initial);
  // Runs have random ids; all else is what it is.
  return JSON.parse(
    withoutChance(
      JSON.stringify({ data, subjects: descriptor.subjects(data), say: descriptor.say(data), state }, withMaps),
    ),
  ) as object;
}

/** What happened in one stream as if it had happened in another one of its kind. */
function inStream(happened: unknown, stream: string, other: string): unknown {
  const idOf = (name: string): string => name.slice(name.indexOf('-') + 1);
  return JSON.parse(JSON.stringify(happened).replaceAll(idOf(stream), idOf(other)));
}

function withMaps(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** What is compressed differs with the machine. */
function shapeOf(text: string): string {
  return withoutChance(text).replaceAll(/"(detail|message|gzip)":"(?:[^"\\]|\\.)*"/g, '"$1":"…"');
}

/** Ids are random, a plan's hash is over one, and its position is where the story stands by then. */
function withoutChance(text: string): string {
  return withoutIds(text)
    .replaceAll(/"hash":"[0-9a-f]{64}"/g, '"hash":"…"')
    .replaceAll(/"position":"\d+"/g, '"position":"…"');
}

function withoutIds(text: string): string {
  const ids = new Map<string, string>();
  return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
    return ids.get(id) ?? id;
  });
}
