import type { RebuildOrder } from './engine/messages.js';

/** The moment asked about has not come yet. */
export class FutureMoment extends Error {
  override readonly name = 'FutureMoment';
  constructor(
    message: string,
    /** The parameter that names it. */
    readonly field = 'asOf',
  ) {
    super(message);
  }
}

/** Two moments that don't go together. */
export class WrongMoment extends Error {
  override readonly name = 'WrongMoment';
  constructor(
    message: string,
    /** The parameter that names the one at fault. */
    readonly field = 'from',
  ) {
    super(message);
  }
}

/** The view did not reach the position within the time a reader waits. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
  constructor(
    readonly projection: string,
    readonly position: bigint,
  ) {
    super(`the view ${projection} has not reached position ${position} yet; ask again in a moment`);
  }
}

/** More queries wait than the reader takes on. */
export class ViewsBusy extends Error {
  override readonly name = 'ViewsBusy';
  constructor(queriesMax: number) {
    super(`more than ${queriesMax} queries are waiting; ask again in a moment`);
  }
}

/** The view's read model is made for the first time, or anew for a new version, and there is none to answer from meanwhile. */
export class ViewNotMade extends Error {
  override readonly name = 'ViewNotMade';
  constructor(projection: string, done: number, total: number) {
    super(
      `the view ${projection} is being made from the log: ${done} of ${total} events so far; ask again in a moment`,
    );
  }
}

/** One rebuild of a projection at a time. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
  constructor(projection: string, { purpose, by, startedAt }: RebuildOrder) {
    const what = purpose === 'swap' ? 'rebuilt' : 'compared';
    super(
      `the projection ${projection} is being ${what} already, for ${by?.name ?? 'the server itself'} since ${startedAt}; wait for its end, or cancel it`,
    );
  }
}

/** There is no rebuild that could be cancelled. */
export class CannotCancel extends Error {
  override readonly name = 'CannotCancel';
}
