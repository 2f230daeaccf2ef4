import { setTimeout as sleep } from 'node:timers/promises';
import type { Failures, Files, FromBuilder, Port, ToBuilder } from './messages.js';
import { heard, type Question, Questions } from './questions.js';

const stopMsMax = 2000;

/** A thread that fills read models. */
export interface Builder {
  readonly port: Port<FromBuilder, ToBuilder>;
  /** Says when it has ended by itself. */
  readonly onEnd: (listener: (error: Error) => void) => void;
  /** After it was told to stop. */
  readonly dismiss: () => Promise<void>;
}

interface Hired {
  /** What it fills. */
  readonly names: readonly string[];
  readonly builder: Builder;
  readonly questions: Questions<ToBuilder>;
  /** It has stopped, or ended by itself. */
  readonly gone: Promise<unknown>;
}

type BeginMessage = Omit<Extract<Question<ToBuilder>, { readonly kind: 'begin' }>, 'own'>;

/** The threads of one rebuild, each with the projections that it fills. */
export class Builders {
  private hired: readonly Hired[] = [];

  /** Hires one for each of these lists of projections. */
  constructor(
    lists: readonly (readonly string[])[],
    hire: () => Builder,
    private readonly onTrouble: (error: string) => void,
  ) {
    this.hired = lists.map((names) => this.hireFor(names, hire()));
  }

  /** What each fills. */
  get lists(): readonly (readonly string[])[] {
    return this.hired.map(({ names }) => names);
  }

  /** Resolves when every file is there. */
  async begin(message: BeginMessage): Promise<Files> {
    const begun = this.hired.map(({ questions, names }) => questions.ask<Files>({ ...message, own: names }));
    return Object.assign({}, ...(await Promise.all(begun))) as Files;
  }

  async fill(to: bigint): Promise<Failures> {
    const filled = this.hired.map(({ questions }) => questions.ask<Failures>({ kind: 'fill', to }));
    return Object.assign({}, ...(await Promise.all(filled))) as Failures;
  }

  /** Each thread does its own, one after another; all threads at once. */
  async inTurn(work: (projection: string, questions: Questions<ToBuilder>) => Promise<void>): Promise<void> {
    await Promise.all(
      this.hired.map(async ({ names, questions }) => {
        for (const name of names) await work(name, questions);
      }),
    );
  }

  /** They close their files for whoever adopts them. */
  async handOver(): Promise<void> {
    await Promise.all(this.hired.map(({ questions }) => questions.ask({ kind: 'hand-over' })));
  }

  /** Tells them to stop at once; who does not is not waited for any longer. Resolves with `all`, what they work on. */
  async stop(kind: 'stop' | 'discard', all: () => Promise<void>): Promise<void> {
    const { hired } = this;
    for (const { builder } of hired) builder.port.postMessage({ kind });
    const late = setTimeout(() => {
      for (const { questions } of hired) questions.end(new Error('a thread that rebuilds views does not stop'));
    }, stopMsMax);
    await all();
    clearTimeout(late);
  }

  async dismiss(kind: 'stop' | 'discard'): Promise<void> {
    const { hired } = this;
    this.hired = [];
    await Promise.all(
      hired.map(async ({ builder, gone }) => {
        builder.port.postMessage({ kind });
        await Promise.race([gone, sleep(stopMsMax, undefined, { ref: false })]);
        await builder.dismiss();
      }),
    );
  }

  private hireFor(names: readonly string[], builder: Builder): Hired {
    const questions = new Questions<ToBuilder>(builder.port);
    const ended = new Promise<Error>((resolve) => builder.onEnd(resolve));
    const stopped = heard(builder.port, 'stopped').then(() => new Error('the rebuild was stopped'));
    const gone = Promise.race([ended, stopped]).then((error) => questions.end(error));
    builder.port.on('message', (message) => {
      if (message.kind === 'trouble') this.onTrouble(message.error);
    });
    return { names, builder, questions, gone };
  }
}
