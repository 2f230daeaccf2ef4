/** A value of a row as JSON shows it: bytes as hex, long texts cut. */
export type ShownValue = string | number | null;
export type ShownRow = Readonly<Record<string, ShownValue>>;

export interface DifferingRow {
  /** The columns of the primary key. */
  readonly key: ShownRow;
  /** Null: the row is not there. */
  readonly old: ShownRow | null;
  readonly new: ShownRow | null;
}

export interface TableVerdict {
  readonly table: string;
  readonly same: boolean;
  readonly rows: { readonly old: number; readonly new: number };
  /** SHA-256 of all rows in the order of the primary key, hex. */
  readonly digest: { readonly old: string; readonly new: string };
  readonly differing: number;
  /** The first of those that differ. */
  readonly first: readonly DifferingRow[];
}

/** What a comparison of the serving read model with one made anew has found, both at the same position. */
export interface Verdict {
  readonly position: bigint;
  readonly same: boolean;
  readonly tables: readonly TableVerdict[];
}
