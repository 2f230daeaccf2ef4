import { type ContentCount, isTooLong, sayCount } from '#content';
import { type ClientId, foldCase, type GenerationId, generationIds, type Subject, subject } from '#kernel';
import { type Categories, FlatNames } from './flatten.js';

/** What a computed finding measures: null where there is nothing to find. */
export type Fact = { readonly detail: string; readonly count: number; readonly offenders: readonly Subject[] } | null;

const offendersMax = 100;

function fact(offenders: readonly Subject[], say: (count: number) => string): Fact {
  const count = offenders.length;
  return count === 0 ? null : { detail: say(count), count, offenders: offenders.slice(0, offendersMax) };
}

interface SourceCategory {
  readonly name: string;
  readonly parent: string | null;
  readonly invitations: boolean;
}
interface SourceRoom {
  readonly name: string;
  /** Folded name. */
  readonly category: string;
  readonly excluded: boolean;
}

/** A legacy deployment's content, as far as its findings look at it: maps by folded name, as a stream's state and rows of a view are. */
export interface SourceContent {
  readonly deployment: string;
  readonly categories: Categories<SourceCategory> & { readonly values: () => Iterable<SourceCategory> };
  readonly rooms: Iterable<SourceRoom>;
}

export function nameTooLong({ deployment, categories, rooms }: SourceContent): Fact {
  const flat = new FlatNames(categories);
  const offenders: Subject[] = [];
  for (const { name } of categories.values())
    if (isTooLong(flat.category(foldCase(name)))) offenders.push(subject.category(deployment, name));
  for (const room of rooms)
    if (!room.excluded && isTooLong(flat.room(room))) offenders.push(subject.room(deployment, room.name));
  return fact(offenders, (count) => `names longer than 256 characters after flattening: ${count}`);
}

export function nestedCategories({ deployment, categories }: SourceContent): Fact {
  const nested = [...categories.values()].filter(({ parent }) => parent !== null);
  return fact(
    nested.map(({ name }) => subject.category(deployment, name)),
    (count) => `categories that lie in others and get their names as prefix: ${count}`,
  );
}

export function invitationsForcedOff({ deployment, categories, rooms }: SourceContent): Fact {
  const holding = new Set<string>();
  for (const { category, excluded } of rooms) if (!excluded) holding.add(category);
  const off = [...categories.values()].filter(({ name, invitations }) => !invitations && holding.has(foldCase(name)));
  return fact(
    off.map(({ name }) => subject.category(deployment, name)),
    (count) => `categories with rooms that allow no invitations: ${count}`,
  );
}

/** What a target holds, by folded name. */
export interface TargetNames {
  readonly deployment: string;
  readonly categories: { readonly has: (key: string) => boolean };
  readonly rooms: { readonly has: (key: string) => boolean };
  readonly addIns: { readonly has: (key: string) => boolean };
}

/**
 * What an import would overwrite, and what of the source it would leave out because something else has the name, with what of the source
 * has it: before it, that is. Afterwards the batches that were carried over tell what was.
 */
export function nameClashes(
  source: SourceContent & { readonly addIns: Iterable<{ readonly name: string }> },
  target: TargetNames,
): Fact {
  const flat = new FlatNames(source.categories);
  const there: Subject[] = [];
  const categories = new Alike();
  for (const { name } of source.categories.values()) {
    const full = flat.category(foldCase(name));
    const key = foldCase(full);
    if (!categories.add(key, subject.category(source.deployment, name))) continue;
    if (target.categories.has(key)) there.push(subject.category(target.deployment, full));
    if (target.rooms.has(key)) there.push(subject.room(target.deployment, full));
  }
  const leftOut: Subject[] = [];
  const rooms = new Alike();
  for (const room of source.rooms) {
    if (room.excluded) continue;
    const full = flat.room(room);
    const key = foldCase(full);
    const about = subject.room(source.deployment, room.name);
    if (categories.has(key) || target.categories.has(key)) leftOut.push(about);
    else if (rooms.add(key, about) && target.rooms.has(key)) there.push(subject.room(target.deployment, full));
  }
  for (const { name } of source.addIns)
    if (target.addIns.has(foldCase(name))) there.push(subject.addIn(target.deployment, name));
  const alike = [...categories.alike, ...rooms.alike];
  const say = alike.length === 0 ? '' : `; things of the source that get one name there: ${alike.length}`;
  // Those that somebody has to do something about come first.
  return fact(
    [...leftOut, ...alike, ...there],
    () => `names that are there in ${target.deployment} already: ${there.length}${sayLeftOut(leftOut.length)}${say}`,
  );
}

/** Things of one kind by the name that they get. */
class Alike {
  /** Those that are not alone with their name. */
  readonly alike: Subject[] = [];
  /** The first of a name; null once it is told. */
  private readonly first = new Map<string, Subject | null>();

  /** Whether it is the first of its name. */
  add(key: string, about: Subject): boolean {
    const first = this.first.get(key);
    if (first === undefined) {
      this.first.set(key, about);
      return true;
    }
    if (first !== null) this.alike.push(first);
    this.first.set(key, null);
    this.alike.push(about);
    return false;
  }

  has(key: string): boolean {
    return this.first.has(key);
  }
}

/** How many of the clashes are things that are not carried over. */
export function sayLeftOut(count: number): string {
  return count === 0 ? '' : `; left out because a category or another one of the source has their name: ${count}`;
}

/** What the operator reported as imported against what was carried over, once that is all; `reported` is null before an import. */
export function countsDiffer(
  migration: string,
  reported: ContentCount | null,
  carried: ContentCount & { readonly pending: boolean },
): Fact {
  const differs =
    reported !== null &&
    !carried.pending &&
    (reported.categories !== carried.categories ||
      reported.rooms !== carried.rooms ||
      reported.addIns !== carried.addIns);
  return differs
    ? {
        detail: `${sayCount(reported)} were reported as imported, ${sayCount(carried)} were carried over`,
        count: 1,
        offenders: [subject.migration(migration)],
      }
    : null;
}

/** Users whose Group Chat clients are connected to a source for which no lookup URI was planned. */
export function noEndpoint(
  run: { readonly lookupUri: string | null; readonly closed: string | null },
  connected: { readonly count: number; readonly offenders: readonly Subject[] },
): Fact {
  if (run.lookupUri !== null || run.closed === 'rolled-back' || connected.count === 0) return null;
  return { ...connected, detail: `users connected to the source with Group Chat clients: ${connected.count}` };
}

/** Connections that `accessOf` would refuse today. */
export function notPermitted(
  connections: readonly {
    readonly client: ClientId;
    readonly deployment: string;
    readonly refused: readonly string[];
  }[],
): Fact {
  const refused = connections.filter((connection) => connection.refused.length > 0);
  return fact(
    refused.map(({ deployment }) => subject.deployment(deployment)),
    () =>
      refused
        .map(({ client, deployment, refused: rules }) => `${client} on ${deployment}: ${rules.join(', ')}`)
        .join('; '),
  );
}

/** The pools and deployments that are not decommissioned. */
export function threeGenerations(
  there: readonly { readonly subject: Subject; readonly generation: GenerationId }[],
): Fact {
  const present = new Set(there.map(({ generation }) => generation));
  if (present.size < generationIds.length) return null;
  return fact(
    there.map((each) => each.subject),
    () => `${[...present].toSorted().join(', ')} stand side by side`,
  );
}

export const provisionedUsersMax = 150_000;
export const roomsMax = 50_000;

export function tooManyUsers(homedOn2013: number): Fact {
  return homedOn2013 > provisionedUsersMax
    ? { detail: `${homedOn2013} users are homed on Lync Server 2013`, count: homedOn2013, offenders: [subject.estate] }
    : null;
}

export function tooManyRooms(deployment: string, rooms: number): Fact {
  return rooms > roomsMax
    ? { detail: `${deployment} holds ${rooms} rooms`, count: rooms, offenders: [subject.deployment(deployment)] }
    : null;
}
