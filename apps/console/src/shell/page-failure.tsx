import type { ErrorComponentProps } from '@tanstack/react-router';
import { UnreachableError } from '../api/problem.js';
import { useWords } from '../i18n/i18n.js';
import { Failure } from '../ui/failure.js';

/** A page that could not be loaded or drawn: the rest of the console goes on. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const t = useWords();
  return (
    <div className="page">
      <Failure error={causeOf(error)} again={reset} />
      {/* Whatever failed, this begins anew. */}
      <a className="link" href="/">
        {t('failed.home')}
      </a>
    </div>
  );
}

/** What browsers say where a part of the console did not come. */
const notLoaded = /dynamically imported module|Importing a module script failed/i;

function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return notLoaded.test(error.message) ? new UnreachableError(error.message, { cause: error }) : error;
}
