import { createHash } from 'node:crypto';
import { type Accepted, type Actor, canonicalJson, Refused, streamOf, type Write, write } from '#kernel';
import type { AnsweredEvent, CommandAnswer } from './command-answer.js';
import type { CommandContext } from './command-context.js';
import type { EventLogReader, Revision } from './event-log.js';
import { keyStream } from './own-events.js';
import type { UnitOfWork } from './unit-of-work.js';

type StoredAnswer = NonNullable<(typeof keyStream)['initial']>;

/** The key was used for another command or body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
  constructor(readonly command: string) {
    super(`this Idempotency-Key was used before, for ${command} with another body; use a new key for a new command`);
  }
}

/** The `Idempotency-Key` of a command: what it was answered with, once and for all. */
export class AskedKey {
  /** Of the key, which is its actor's own. */
  readonly hash: string;
  private readonly bodyHash: string;

  constructor(
    private readonly command: string,
    actor: Actor,
    { key, body }: NonNullable<CommandContext['key']>,
  ) {
    this.hash = sha256([actor.id, key]);
    this.bodyHash = sha256(body ?? null);
  }

  /** Null: nothing yet. @throws {KeyReused} */
  async answerBefore(unit: UnitOfWork): Promise<StoredAnswer | null> {
    const answer = await unit.load(this.stream());
    if (answer && (answer.command !== this.command || answer.bodyHash !== this.bodyHash))
      throw new KeyReused(answer.command);
    return answer;
  }

  /** What keeps the answer; after everything that the answer shows. */
  answered(unit: UnitOfWork, outcome: Accepted | Refused): Write {
    const { command, bodyHash } = this;
    const events = outcome instanceof Refused ? [] : unit.answeredStreams();
    return write(this.stream(), {
      type: 'KeyAnswered',
      data: {
        command,
        bodyHash,
        outcome: outcome instanceof Refused ? 'refused' : events.length > 0 ? 'done' : 'unchanged',
        events,
        refusals: outcome instanceof Refused ? outcome.refusals : [],
        reply: outcome instanceof Refused ? {} : (outcome.reply.kept ?? {}),
      },
    });
  }

  private stream() {
    return streamOf(keyStream, this.hash);
  }
}

/** The answer again, its events as they were recorded. */
export async function repeated(log: EventLogReader, answer: StoredAnswer): Promise<CommandAnswer> {
  if (answer.outcome === 'refused') return { outcome: 'refused', position: null, refusals: answer.refusals };
  const events: AnsweredEvent[] = [];
  for (const { stream, revision } of answer.events) events.push(await recorded(log, stream, BigInt(revision)));
  const last = events.at(-1)?.position;
  return { outcome: answer.outcome, position: last == null ? null : BigInt(last), events, reply: answer.reply };
}

async function recorded(log: EventLogReader, stream: string, revision: Revision): Promise<AnsweredEvent> {
  for await (const page of log.readStream(stream, revision))
    for (const { id, type, position, recordedAt, data } of page)
      return { id, type, stream, revision: `${revision}`, position: `${position}`, recordedAt, data };
  throw new Error(`${stream} has no revision ${revision}, though a stored answer names it`);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
