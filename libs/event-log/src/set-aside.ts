import { PackedTexts } from './packed-texts.js';
import type { Revision } from './event-log.js';

/** What a long unit knows of a stream without its state: it is small, and the state can be made of it again. */
export interface SetAsideStream {
  /** Undefined where the stream had no events. */
  readonly read: Revision | undefined;
  /** What the unit adds to it. */
  readonly events: readonly { readonly type: string; readonly data: object }[];
}

/** A stream of more recorded events takes long to be folded again, and so does one to which more were added. */
const revisionMax = 15n;
const addedMax = 8;
/** States that stay in memory, so that consecutive decisions on the same streams find them there. */
const statesMax = 1000;

/** The streams that a unit of very many decisions has read and written a while ago: their states would be most of its memory. */
export class SetAside {
  /** By stream: the revision, -1 where there was none, and the events, a line each. */
  private readonly streams = new PackedTexts();
  /** What was added to streams whose states are in memory; null where it is too much to be set aside. */
  private readonly added = new Map<string, string[] | null>();
  private lookAt = 2 * statesMax;

  /** Notes what was added to a stream whose state is in memory. */
  noteAdded(stream: string, type: string, text: string): void {
    const known = this.added.get(stream);
    if (known === null) return;
    if (!known) this.added.set(stream, [`${type} ${text}`]);
    else if (known.length < addedMax) known.push(`${type} ${text}`);
    else this.added.set(stream, null);
  }

  /** Sets aside what is there in states longest, where there are many. */
  relieve(states: Map<string, { readonly read: Revision | undefined }>): void {
    if (states.size < this.lookAt) return;
    let more = states.size - statesMax;
    for (const [stream, { read = -1n }] of states) {
      if (more-- <= 0) break;
      const added = this.added.get(stream);
      if (read > revisionMax || added === null) continue;
      this.streams.put(stream, added ? `${read}\n${added.join('\n')}` : `${read}`);
      this.added.delete(stream);
      states.delete(stream);
    }
    this.lookAt = states.size + statesMax;
  }

  /** Gives a stream back, whose state is to be in memory again. */
  take(stream: string): SetAsideStream | undefined {
    const known = this.streams.take(stream);
    if (known === undefined) return undefined;
    const [revision = '', ...lines] = known.split('\n');
    if (lines.length > 0) this.added.set(stream, lines);
    return { read: revision === '-1' ? undefined : BigInt(revision), events: lines.map(eventOf) };
  }
}

function eventOf(line: string): SetAsideStream['events'][number] {
  const end = line.indexOf(' ');
  return { type: line.slice(0, end), data: JSON.parse(line.slice(end + 1)) as object };
}
