import type { Role } from '#kernel';

/** A projection's stop: the event it could not take, and why. */
export interface Failure {
  readonly position: bigint;
  readonly type: string;
  readonly error: string;
}

export type ToProjector =
  | {
      readonly kind: 'start';
      readonly names: readonly string[];
      readonly gauges: SharedArrayBuffer;
      /** Tells the subjects of every batch. */
      readonly announces: boolean;
    }
  | { readonly kind: 'retry'; readonly projection: string }
  | { readonly kind: 'stop' };

export type FromProjector =
  /** Every file is there and can be read. */
  | { readonly kind: 'opened'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'advanced'; readonly position: bigint; readonly subjects: readonly string[] }
  | { readonly kind: 'failed'; readonly projection: string; readonly failure: Failure }
  /** The log could not be read; it tries again by itself. */
  | { readonly kind: 'trouble'; readonly error: string }
  | { readonly kind: 'stopped' };

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

export type ToReader =
  | { readonly kind: 'attach'; readonly files: Readonly<Record<string, string>> }
  | QueryMessage
  /** Which position an instant stands for. */
  | { readonly kind: 'moment'; readonly id: number; readonly instant: string }
  | { readonly kind: 'stop' };

export type FromReader =
  | { readonly kind: 'attached' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
    }
  | { readonly kind: 'stopped' };

/** What a `MessagePort` and a `Worker` have in common. */
export interface Port<In, Out> {
  postMessage(message: Out): void;
  on(event: 'message', listener: (message: In) => void): unknown;
  off(event: 'message', listener: (message: In) => void): unknown;
}
