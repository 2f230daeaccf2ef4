import type { EventCatalogue } from '#kernel';
import type { EventMeta, NewRecord, Position, RecordedEvent, Revision } from './event-log.js';

/** The stored bytes of an event: canonical JSON of everything but its position, which is the engine's own. */
export function storedText(record: NewRecord, revision: Revision, recordedAt: string): string {
  // Members in the order of RFC 8785 (UTF-16 code units of the names); data and meta are canonical already.
  return `{"data":${record.data},"id":${JSON.stringify(record.id)},"meta":${record.meta},"recordedAt":"${recordedAt}","revision":"${revision}","schemaVersion":${record.schemaVersion},"stream":${JSON.stringify(record.stream)},"type":${JSON.stringify(record.type)}}`;
}

/** Reads stored bytes back. Throws a SyntaxError where they are no JSON. */
export function parseStored(text: string, position: Position): RecordedEvent {
  const stored = JSON.parse(text) as Omit<RecordedEvent, 'position' | 'revision' | 'text'> & { revision: string };
  return { ...stored, revision: BigInt(stored.revision), position, text };
}

const beforeData = '{"data":';
const beforeId = ',"id":"';
const uuidLength = 36;
const beforeMeta = '","meta":{';
const afterMeta = ',"recordedAt":"';
// Texts with an escape are left to the parser.
const ending =
  /,"recordedAt":"([^"\\]*)","revision":"(\d+)","schemaVersion":(\d+),"stream":"([^"\\]*)","type":"([^"\\]*)"\}$/y;

/**
 * Reads stored bytes back that a checksum has proven to be as they were written. Most readers never look at the metadata, which is most
 * of an event: it is parsed when it is asked for first.
 */
export function parseProven(text: string, position: Position): RecordedEvent {
  // A name in a string has its quotes escaped, and after the metadata there are only strings and numbers: the last one is the event's own.
  const metaEnd = text.lastIndexOf(afterMeta);
  ending.lastIndex = metaEnd;
  const ended = ending.exec(text);
  const idEnd = text.indexOf(beforeMeta);
  const dataEnd = idEnd - uuidLength - beforeId.length;
  const id = text.slice(idEnd - uuidLength, idEnd);
  const isPlain =
    ended &&
    text.startsWith(beforeData) &&
    // One in the data, or in the metadata, would be a second one.
    !text.includes(beforeMeta, idEnd + 1) &&
    text.startsWith(beforeId, dataEnd) &&
    !id.includes('"') &&
    !id.includes('\\');
  if (!isPlain) return parseStored(text, position);
  const [, recordedAt = '', revision = '', schemaVersion, stream = '', type = ''] = ended;
  const data = JSON.parse(text.slice(beforeData.length, dataEnd)) as RecordedEvent['data'];
  const metaStart = idEnd + beforeMeta.length - 1;
  return new ProvenEvent(
    id,
    type,
    Number(schemaVersion),
    stream,
    BigInt(revision),
    position,
    recordedAt,
    data,
    text,
    metaStart,
    metaEnd,
  );
}

class ProvenEvent implements RecordedEvent {
  #meta: EventMeta | undefined;
  readonly #metaStart: number;
  readonly #metaEnd: number;

  constructor(
    readonly id: string,
    readonly type: string,
    readonly schemaVersion: number,
    readonly stream: string,
    readonly revision: Revision,
    readonly position: Position,
    readonly recordedAt: string,
    readonly data: RecordedEvent['data'],
    readonly text: string,
    metaStart: number,
    metaEnd: number,
  ) {
    this.#metaStart = metaStart;
    this.#metaEnd = metaEnd;
  }

  get meta(): EventMeta {
    return (this.#meta ??= parseMeta(this.text.slice(this.#metaStart, this.#metaEnd)));
  }
}

const idNames = ['causationId', 'commandId', 'correlationId'] as const;
type Ids = Pick<EventMeta, (typeof idNames)[number]>;
const metasRememberedMax = 8;

/** Metadata without its ids: the texts before, between and after them, each from a quote to a quote. */
interface RememberedMeta {
  readonly before: string;
  readonly causationToCommand: string;
  readonly commandToCorrelation: string;
  readonly after: string;
  readonly meta: EventMeta;
}

const metasRemembered: RememberedMeta[] = [];
let oldest = 0;

/** Commands of one client, and rows of an import, differ in nothing but ids: what else there is, is parsed once for many of them. */
function parseMeta(text: string): EventMeta {
  for (const known of metasRemembered) {
    const ids = idsIn(text, known);
    if (ids) return { ...known.meta, ...ids };
  }
  const meta = JSON.parse(text) as EventMeta;
  const known = withoutIds(text, meta);
  if (known) {
    metasRemembered[oldest] = known;
    oldest = (oldest + 1) % metasRememberedMax;
  }
  return meta;
}

/** Undefined where the text is another one but for its ids. */
function idsIn(
  text: string,
  { before, causationToCommand, commandToCorrelation, after }: RememberedMeta,
): Ids | undefined {
  if (!holds(text, before, 0)) return undefined;
  const causationEnd = text.indexOf('"', before.length);
  if (!holds(text, causationToCommand, causationEnd)) return undefined;
  const command = causationEnd + causationToCommand.length;
  const commandEnd = text.indexOf('"', command);
  if (!holds(text, commandToCorrelation, commandEnd)) return undefined;
  const correlation = commandEnd + commandToCorrelation.length;
  const correlationEnd = text.indexOf('"', correlation);
  if (text.slice(correlationEnd) !== after) return undefined;
  const causationId = text.slice(before.length, causationEnd);
  const commandId = text.slice(command, commandEnd);
  const correlationId = text.slice(correlation, correlationEnd);
  const hasEscape = causationId.includes('\\') || commandId.includes('\\') || correlationId.includes('\\');
  return hasEscape ? undefined : { causationId, commandId, correlationId };
}

/** As `startsWith`, which is many times slower where the text is a part of another one. */
function holds(text: string, part: string, at: number): boolean {
  return text.slice(at, at + part.length) === part;
}

/** Undefined where the ids don't stand where they seem to. */
function withoutIds(text: string, meta: EventMeta): RememberedMeta | undefined {
  const starts = idNames.map((name) => text.indexOf(`"${name}":"`));
  const [causation = 0, command = 0, correlation = 0] = starts.map((start, n) => start + `"${idNames[n]}":"`.length);
  if (starts.includes(-1) || command < causation || correlation < command) return undefined;
  const endOf = (start: number): number => text.indexOf('"', start);
  const known = {
    before: text.slice(0, causation),
    causationToCommand: text.slice(endOf(causation), command),
    commandToCorrelation: text.slice(endOf(command), correlation),
    after: text.slice(endOf(correlation)),
    meta,
  };
  if (!idsIn(text, known)) return undefined;
  // The places are those of the metadata's own ids where others put there are read as such.
  const others = `${known.before}1${known.causationToCommand}2${known.commandToCorrelation}3${known.after}`;
  const { causationId, commandId, correlationId } = JSON.parse(others) as EventMeta;
  return causationId === '1' && commandId === '2' && correlationId === '3' ? known : undefined;
}

/** The event's data in the shape of today. Throws for a type or a shape that no catalogue knows. */
export function upcast(catalogue: EventCatalogue, event: RecordedEvent): Readonly<Record<string, unknown>> {
  const descriptor = Object.hasOwn(catalogue, event.type) ? catalogue[event.type] : undefined;
  if (!descriptor) throw new Error(`event ${event.position} has the unknown type ${event.type}`);
  if (event.schemaVersion === descriptor.schemaVersion) return event.data;
  let data: Record<string, unknown> = event.data;
  for (let version = event.schemaVersion; version < descriptor.schemaVersion; version++) {
    const step = descriptor.upcast?.[version];
    if (!step) throw new Error(`event ${event.position}: no upcaster for shape ${version} of ${event.type}`);
    data = step(data);
  }
  if (event.schemaVersion > descriptor.schemaVersion)
    throw new Error(
      `event ${event.position}: shape ${event.schemaVersion} of ${event.type} is newer than this program`,
    );
  return data;
}

/** The event as the API shows it (`contract.md` §4). */
export function toJson(event: RecordedEvent): Readonly<Record<string, unknown>> {
  const { id, type, schemaVersion, stream, revision, position, recordedAt, data, meta } = event;
  return { id, type, schemaVersion, stream, revision: `${revision}`, position: `${position}`, recordedAt, data, meta };
}
