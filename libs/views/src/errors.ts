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
