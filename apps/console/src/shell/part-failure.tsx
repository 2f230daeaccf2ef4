import type { FallbackProps } from 'react-error-boundary';
import { UnreachableError } from '../api/problem.js';
import { useWords } from '../i18n/i18n.js';
import { Failure } from '../ui/failure.js';
import { PlainButton } from '../ui/plain-button.js';
import { isNotLoaded, reloadWhereAnswered } from './part.js';

/** A part of the console that could not be loaded or drawn. */
export function PartFailure({ error, resetErrorBoundary }: FallbackProps) {
  return <Failure error={causeOf(error)} again={againOf(error, resetErrorBoundary)} />;
}

/** Where there is room for a button only. */
export function SmallPartFailure({ error, resetErrorBoundary }: FallbackProps) {
  const t = useWords();
  return (
    <PlainButton appearance="subtle" title={t('unreachable.title')} onClick={againOf(error, resetErrorBoundary)}>
      {t('again')}
    </PlainButton>
  );
}

function causeOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return isNotLoaded(error) ? new UnreachableError(error.message, { cause: error }) : error;
}

function againOf(error: unknown, reset: () => void): () => void {
  return isNotLoaded(error) ? () => void reloadWhereAnswered() : reset;
}
