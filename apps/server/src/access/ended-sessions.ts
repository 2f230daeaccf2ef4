import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problems/problem.js';

/** Half a day of one sign-out a second. */
const endedMax = 50_000;

/**
 * Sessions whose owner has signed out, until they would have run out by themselves: a line `<session id> <expiry>` each in `sessions.ended`,
 * beside the key that they were signed with. A line begins with its line feed: one that a crash cut off spoils no other.
 */
export class EndedSessions {
  private constructor(
    private readonly file: string,
    private readonly endsMs: Map<string, number>,
  ) {}

  static open(folder: string, nowMs: number): EndedSessions {
    const ended = new EndedSessions(join(folder, 'sessions.ended'), new Map());
    for (const line of linesOf(ended.file)) {
      const [, id, expiry] = /^([\w-]{16}) ([0-9a-z]{1,11})$/.exec(line) ?? [];
      if (id !== undefined && expiry !== undefined) ended.endsMs.set(id, Number.parseInt(expiry, 36));
    }
    ended.forget(nowMs);
    return ended;
  }

  has(id: string): boolean {
    return this.endsMs.has(id);
  }

  add(id: string, expiresAtMs: number, nowMs: number): void {
    if (this.endsMs.has(id)) return;
    if (this.endsMs.size >= endedMax) this.forget(nowMs);
    if (this.endsMs.size >= endedMax)
      throw new Problem('unavailable', `${endedMax} sessions have ended within half a day; this one goes on`, {
        retryAfterSeconds: 600,
      });
    try {
      appendFileSync(this.file, lineOf([id, expiresAtMs]), { mode: 0o600, flush: true });
    } catch (cause) {
      throw new Problem('unavailable', 'the end of the session cannot be recorded now; it goes on', {
        retryAfterSeconds: 10,
        cause,
      });
    }
    this.endsMs.set(id, expiresAtMs);
  }

  /** Leaves out those that have run out. */
  private forget(nowMs: number): void {
    const before = this.endsMs.size;
    for (const [id, endMs] of this.endsMs) if (endMs <= nowMs) this.endsMs.delete(id);
    if (this.endsMs.size === before) return;
    const rest = `${this.file}.new`;
    writeFileSync(rest, Array.from(this.endsMs, lineOf).join(''), { mode: 0o600, flush: true });
    renameSync(rest, this.file);
  }
}

function lineOf([id, endMs]: readonly [string, number]): string {
  return `\n${id} ${endMs.toString(36)}`;
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'latin1').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
}
