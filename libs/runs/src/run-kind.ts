import type { Decided, Pending, RestsOn } from '#event-log';
import type { BaseCommand, CommandDefinition, Refusal, Transaction } from '#kernel';

/** A column that a kind of run reads. Names are compared ignoring case. */
export interface Column {
  readonly name: string;
  readonly required?: boolean;
}

/** A row of a file as a kind sees it. */
export interface Row {
  /** From 1; the header is none. */
  readonly number: number;
  /** File line on which it begins. */
  readonly line: number;
  /** One cell per column of the kind, without spaces at its ends; undefined where the file has no such column. Of a CSV. */
  readonly cells: readonly (string | undefined)[];
  /** The object that a line of a JSON-lines file is. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What is wrong with the row as a whole. */
  readonly problem?: string;
}

/** What a row asks for. */
export interface RowStep<C extends BaseCommand = BaseCommand> {
  readonly definition: CommandDefinition<C>;
  readonly command: C;
  /** The cell that it follows from; left out, it is that of what the command is about. */
  readonly from?: Cell;
  /** The cell that fills a field of the command. */
  readonly cellOf?: (field: string) => Cell | undefined;
  /** Rules that say no before the command's own can be asked. */
  readonly refusals?: readonly Refusal[];
}

export interface Cell {
  readonly column: string | null;
  readonly value: string | null;
}

export interface RowProblem extends Cell {
  readonly message: string;
}

/** A row as commands that are done all or none, or what makes it none. */
export type ReadRow =
  | { readonly steps: readonly RowStep[]; readonly stepsIn?: undefined; readonly problem?: undefined }
  /** Which ones they are follows from how things stand when the row is decided. */
  | {
      readonly stepsIn: (tx: Transaction) => Promise<readonly RowStep[]>;
      readonly steps?: undefined;
      readonly problem?: undefined;
    }
  | { readonly problem: RowProblem; readonly steps?: undefined; readonly stepsIn?: undefined };

/** What a file was sent with besides itself, such as the deployment that its content belongs to. */
export type RunParameters = Readonly<Record<string, string>>;

/** A kind of run: which columns its files have, and how a row becomes commands. */
export interface RunKind {
  /** As runs show it: `users`. */
  readonly kind: string;
  /** What the audit calls sending such a file: `ImportUsers`. */
  readonly command: string;
  /** Who may send such a file, and have its rows tried again. */
  readonly role: CommandDefinition['role'];
  readonly columns: readonly Column[];
  /** Any other column is a mistake; otherwise it is passed over. */
  readonly onlyTheseColumns?: boolean;
  /** Why a file that has these of the columns cannot be one; to be read after `file`. */
  refuseColumns?(columns: readonly string[]): string | undefined;
  /** Its files may be JSON lines too, each line an object with members named as the columns. */
  readonly jsonLines?: boolean;
  /** For one run; what it has asked about the estate it may keep for a while. */
  open(parameters: RunParameters): RowReader;
}

export interface RowReader {
  /** What a row asks for follows from the row alone. */
  readonly fromRowAlone?: true;
  /** Is shown every row, in the order of the file, before the first is read: for what rows have to know of later ones. */
  survey?(rows: readonly Row[]): void;
  /** Reads rows that are decided together, one answer per row. Asks outside of the log only here. */
  read(rows: readonly Row[]): Promise<readonly ReadRow[]>;
}

/** Watches over rows that were decided before a run does them. */
export interface RowGuard {
  /** Every row that was decided then, in order, also those that the run does not do: what rows have to know of others is the same. */
  decided(kind: RunKind): AsyncIterable<readonly Row[]>;
  /** Gets ready for rows that are decided next. */
  prepare(rows: readonly Row[]): Promise<void>;
  /** What was decided of a row where that holds for as long as what it rests on stands; undefined where it is to be decided anew. */
  decidedOf(row: Row): Decided | undefined;
  /** Why a row is no longer what was decided, though its commands accept it; undefined where it is. */
  refusals(row: Row, restsOn: readonly RestsOn[], events: readonly Pending[]): Promise<readonly Refusal[] | undefined>;
}
