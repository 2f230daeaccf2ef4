import { BadCursor } from '../view.js';

/** Where a page begins: before this position, of the timeline as it was at `at`. So no run that advances meanwhile is missed. */
export interface TimelineCursor {
  readonly at: number;
  readonly before: number;
}

export function writeCursor({ at, before }: TimelineCursor): string {
  return Buffer.from(`timeline ${at} ${before}`).toString('base64url');
}

/** @throws {BadCursor} */
export function readCursor(cursor: string): TimelineCursor {
  const [, at, before] = /^timeline (\d{1,16}) (\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const read = { at: Number(at), before: Number(before) };
  if (!Number.isSafeInteger(read.at) || !Number.isSafeInteger(read.before))
    throw new BadCursor('cursor must be the next of an earlier page of this list');
  return read;
}
