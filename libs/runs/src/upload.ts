import type { UnitOfWork } from '#event-log';
import { FileTooLarge, WrongMediaType } from './errors.js';
import { drainedFactor } from './receive-file.js';
import type { FileForm } from './row-scanner.js';
import type { RunKind, RunParameters } from './run-kind.js';

/** A file as it is sent. */
export interface Upload {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentType: string | undefined;
  /** As promised by its sender, in bytes. */
  readonly size?: number;
  /** What its sender calls it. */
  readonly name?: string;
  readonly parameters?: RunParameters;
  readonly plan?: AppliedPlan;
}

/** A plan that a run is to apply. */
export interface AppliedPlan {
  readonly plan: string;
  /** What its sender sent to have it applied: the body that a key came with. */
  readonly asked: unknown;
  /** Records in the append that starts the run that this plan is applied by it. @throws where it can't be any more: there is no run then */
  readonly record: (unit: UnitOfWork, run: string) => Promise<void>;
}

export const jsonLinesMediaType = 'application/x-ndjson';
export const csvMediaTypes = ['text/csv', 'text/plain', 'application/octet-stream'] as const;
export const fileBytesMax = 512 * 2 ** 20;

/** A file that is promised to be so large that nobody would read it to its end. @throws {FileTooLarge} */
export function assertPromised({ size }: Upload, bytesMax = fileBytesMax): void {
  if (size !== undefined && size > drainedFactor * bytesMax) throw new FileTooLarge(bytesMax);
}

/** @throws {WrongMediaType} */
export function formOf({ jsonLines = false }: RunKind, contentType: string | undefined): FileForm {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (jsonLines && mediaType === jsonLinesMediaType) return 'json-lines';
  if (csvMediaTypes.some((accepted) => accepted === mediaType)) return 'csv';
  throw new WrongMediaType(jsonLines ? [...csvMediaTypes, jsonLinesMediaType] : csvMediaTypes);
}
