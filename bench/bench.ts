/** One figure beside its limit, both from the same run. */
export interface Figure {
  /** Tells the figures of one bench apart. */
  readonly what?: string;
  readonly figure: number;
  readonly limit: number;
  /** Of both. */
  readonly unit: string;
  /** What the limit is: bare SQLite, an empty handler, the same with less data. */
  readonly limitName: string;
  /** `figure / limit`, or the median of the rounds' ratios. */
  readonly ratio: number;
  /** What the ratio must reach, or stay within where lower is better. */
  readonly bar: number;
  readonly higherIsBetter: boolean;
  /** The rounds behind it, for `--json`. */
  readonly rounds?: readonly (readonly [figure: number, limit: number])[];
}

export interface Bench {
  readonly name: string;
  /** One line: what is measured against what. */
  readonly what: string;
  run(): Promise<Figure | readonly Figure[]>;
}

export function isMet({ ratio, bar, higherIsBetter }: Figure): boolean {
  return higherIsBetter ? ratio >= bar : ratio <= bar;
}
