/** A plan can't be applied: another's hash, applied before, or too old. */
export class PlanClosed extends Error {
  override readonly name = 'PlanClosed';
  constructor(
    message: string,
    readonly plan: string,
    /** The run that has applied it. */
    readonly run: string | null = null,
  ) {
    super(message);
  }
}

/** What a plan's rows rest on has moved since it was made. */
export class PlanStale extends Error {
  override readonly name = 'PlanStale';
  constructor(
    readonly plan: string,
    readonly moved: Moved,
  ) {
    const { count, subjects } = moved;
    const named = subjects.slice(0, 3).join(', ');
    const rest = count > 3 ? ` and ${count - 3} more` : '';
    super(
      `what the plan rests on has moved since it was made: ${named}${rest}; make a fresh plan and look at it again`,
    );
  }
}

/** What has moved: how much, and the first of it. */
export interface Moved {
  readonly count: number;
  readonly subjects: readonly string[];
}

/** As many plans as the server makes at once are being made. */
export class TooManyPlans extends Error {
  override readonly name = 'TooManyPlans';
  readonly retryAfterSeconds = 10;
  constructor(plansMax: number) {
    super(`${plansMax} plans are being made; ask again when one of them is done`);
  }
}
