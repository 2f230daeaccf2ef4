import type { ErrorComponentProps } from '@tanstack/react-router';
import { Failure } from '../ui/failure.js';

/** A page that could not be loaded or drawn: the rest of the console goes on. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <Failure error={error instanceof Error ? error : new Error(String(error))} again={reset} />
    </div>
  );
}
