/** What is wrong with an uploaded file, and what would be right. */
export interface FileProblem {
  /** A column's name, or `file`. */
  readonly field: string;
  /** File line, from 1; the header's line counts. */
  readonly line?: number;
  /** To be read after the field. */
  readonly message: string;
}

/** The file cannot be what it was sent as: no run is made. */
export class BadFile extends Error {
  override readonly name = 'BadFile';
  readonly errors: readonly FileProblem[];

  constructor(...errors: readonly [FileProblem, ...FileProblem[]]) {
    super(`${errors[0].field} ${errors[0].message}`);
    this.errors = errors;
  }
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';
  constructor(readonly bytesMax: number) {
    super(`the file is larger than ${Math.floor(bytesMax / 2 ** 20)} MiB; split it, each part with its header`);
  }
}

export class WrongMediaType extends Error {
  override readonly name = 'WrongMediaType';
  constructor(readonly accepted: readonly string[]) {
    super(`send the file as it is, with the Content-Type ${accepted.join(', ')}`);
  }
}

/** As many runs as the server takes on are under way. */
export class TooManyRuns extends Error {
  override readonly name = 'TooManyRuns';
  constructor(
    runsMax: number,
    readonly retryAfterSeconds: number,
  ) {
    super(`${runsMax} runs are under way; send the file again when one of them is done`);
  }
}

export class UnknownRun extends Error {
  override readonly name = 'UnknownRun';
  constructor() {
    super('there is no such run');
  }
}

/** What is asked of a run does not fit how it stands. */
export class RunConflict extends Error {
  override readonly name = 'RunConflict';
}
