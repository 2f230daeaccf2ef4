import { type DomainEvent, describeEvents, type Refusal, type StreamType } from '#kernel';

/** A command that named rules refused. Its stream is its own: `refusal-<commandId>`. */
export type CommandRefused = DomainEvent<
  'CommandRefused',
  {
    readonly command: string;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly subjects: readonly string[];
    readonly refusals: readonly Refusal[];
  }
>;

/** What an `Idempotency-Key` was answered with. Its stream is `key-<hash>`: written once. */
export type KeyAnswered = DomainEvent<
  'KeyAnswered',
  {
    readonly command: string;
    /** SHA-256 of the canonical body, hex. */
    readonly bodyHash: string;
    readonly outcome: 'done' | 'unchanged' | 'refused';
    /** The events of the answer, by stream and revision. */
    readonly events: readonly { readonly stream: string; readonly revision: string }[];
    readonly refusals: readonly Refusal[];
    /** Fields beside the usual ones. */
    readonly reply: Readonly<Record<string, unknown>>;
  }
>;

type ShellEvent = CommandRefused | KeyAnswered;

export const shellEvents = describeEvents<ShellEvent>({
  CommandRefused: {
    schemaVersion: 1,
    subjects: ({ subjects }) => subjects,
    say: ({ command, refusals }) => `${command} was refused: ${refusals.map(({ detail }) => detail).join('; ')}`,
  },
  KeyAnswered: { schemaVersion: 1, subjects: () => [], say: () => '', internal: true },
});

export const refusalStream: StreamType<null, CommandRefused> = {
  category: 'refusal',
  initial: null,
  evolve: (state) => state,
};

export const keyStream: StreamType<KeyAnswered['data'] | null, KeyAnswered> = {
  category: 'key',
  initial: null,
  evolve: (_, { data }) => data,
};
