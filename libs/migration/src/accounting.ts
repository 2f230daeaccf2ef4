import type { CarriedIn, Content } from '#content';
import { subject, type Tally } from '#kernel';

const offendersMax = 100;

/**
 * The rooms of a source that are neither excluded nor carried over.
 * @param carried what its run has carried into the target; undefined where it has no run, or one that has carried nothing yet
 */
export function roomsUnaccounted(
  source: string,
  { rooms, excludedRooms }: Pick<Content, 'rooms' | 'excludedRooms'>,
  carried?: CarriedIn,
): Tally {
  const offenders: string[] = [];
  let count = 0;
  if (rooms.size === excludedRooms) return { count, offenders };
  for (const [key, { name, excluded }] of rooms.entries()) {
    if (excluded || carried?.rooms.has(key)) continue;
    count++;
    if (offenders.length < offendersMax) offenders.push(subject.room(source, name));
  }
  return { count, offenders };
}
