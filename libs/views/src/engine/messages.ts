import type { Role } from '#kernel';
import type { Verdict } from './verdict.js';

/** A projection's stop: the event it could not take, and why. */
export interface Failure {
  readonly position: bigint;
  readonly type: string;
  readonly error: string;
}

/** What a read model is being built for beside the one that serves. Its file says so, and a restart goes on with it. */
export interface RebuildOrder {
  /** Projections with the same id are rebuilt together. */
  readonly id: string;
  readonly purpose: 'swap' | 'compare';
  /** UTC, ISO 8601 */
  readonly startedAt: string;
  /** Null: the server itself. */
  readonly by: { readonly id: string; readonly name: string } | null;
}

export type Files = Readonly<Record<string, string>>;
export type Failures = Readonly<Record<string, Failure>>;

/** Ends a question: every one of them gets one of these. */
export type Answered =
  | { readonly kind: 'answered'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'erred'; readonly id: number; readonly error: Thrown };

/** An error as it goes from thread to thread. */
export type Thrown = Pick<Error, 'name' | 'message' | 'stack'>;

export type ToProjector =
  | {
      readonly kind: 'start';
      readonly names: readonly string[];
      readonly gauges: SharedArrayBuffer;
      /** Tells the subjects of every batch. */
      readonly announces: boolean;
    }
  | { readonly kind: 'retry'; readonly projection: string }
  /** Writes the checkpoint, so that who opens the file sees how far it is. */
  | { readonly kind: 'save'; readonly id: number; readonly projection: string }
  /** Follows with these files too, until they have what the serving ones have; the answer is `Failures`. */
  | { readonly kind: 'adopt'; readonly id: number; readonly files: Files }
  /** Nobody reads the old files any more; the answer is `Failures`. */
  | { readonly kind: 'release'; readonly id: number; readonly projections: readonly string[] }
  /** The old files go on alone, the adopted ones are removed. */
  | { readonly kind: 'abandon'; readonly id: number; readonly projections: readonly string[] }
  | { readonly kind: 'stop' };

export type FromProjector =
  | {
      /** Every file is there and can be read. */
      readonly kind: 'opened';
      readonly files: Files;
      /** Of the files; an older one than the code's serves until a new one is filled. */
      readonly versions: Readonly<Record<string, number>>;
      /** Rebuilds that an earlier start has left. */
      readonly unfinished: Readonly<Record<string, RebuildOrder>>;
    }
  | { readonly kind: 'advanced'; readonly position: bigint; readonly subjects: readonly string[] }
  | { readonly kind: 'failed'; readonly projection: string; readonly failure: Failure }
  /** The log could not be read; it tries again by itself. */
  | { readonly kind: 'trouble'; readonly error: string }
  | Answered
  | { readonly kind: 'stopped' };

export type ToBuilder =
  /** Makes or finds the files to be filled; the answer is `Files`. */
  | {
      readonly kind: 'begin';
      readonly id: number;
      readonly order: RebuildOrder;
      /** All that the order is for. */
      readonly names: readonly string[];
      /** Those of them that this thread fills. */
      readonly own: readonly string[];
      readonly serving: Files;
      readonly gauges: SharedArrayBuffer;
      /** Of those that serve: what they see of the log tells how busy it is. */
      readonly live: { readonly names: readonly string[]; readonly gauges: SharedArrayBuffer };
      /** Counts what is asked of the views. */
      readonly pulse: SharedArrayBuffer;
    }
  /** Takes the log up to this position, and nothing after it; the answer is `Failures`. */
  | { readonly kind: 'fill'; readonly id: number; readonly to: bigint }
  /** Compares with the file that serves, which may go on; the answer is a `Verdict`, or the `Failure` on the way to it. */
  | { readonly kind: 'compare'; readonly id: number; readonly projection: string; readonly file: string }
  /** Closes the files for whoever adopts them. */
  | { readonly kind: 'hand-over'; readonly id: number }
  /** Stops at once and removes the files. */
  | { readonly kind: 'discard' }
  /** Stops at once; the files stay for the next start. */
  | { readonly kind: 'stop' };

export type FromBuilder =
  Answered | { readonly kind: 'trouble'; readonly error: string } | { readonly kind: 'stopped' };

export type Compared = { readonly verdict: Verdict; readonly failure?: undefined } | { readonly failure: Failure };

export interface QueryMessage {
  readonly kind: 'query';
  readonly id: number;
  readonly path: string;
  readonly at: number;
  /** Null: the instant at which the event at `at` was recorded. */
  readonly instant: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly roles: readonly Role[];
}

/** Reads these files from now on, in the place of those that it has under the same names. */
export interface AttachMessage {
  readonly kind: 'attach';
  readonly id: number;
  readonly files: Files;
}

/** Which position an instant stands for. */
export interface MomentMessage {
  readonly kind: 'moment';
  readonly id: number;
  readonly instant: string;
}

export type ToReader = AttachMessage | QueryMessage | MomentMessage | { readonly kind: 'stop' };

export type FromReader = Answered | { readonly kind: 'stopped' };

/** What a `MessagePort` and a `Worker` have in common. */
export interface Port<In, Out> {
  postMessage(message: Out): void;
  on(event: 'message', listener: (message: In) => void): unknown;
  off(event: 'message', listener: (message: In) => void): unknown;
}
