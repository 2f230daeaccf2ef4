import { ProblemError } from '../api/problem.js';
import { useWords } from '../i18n/i18n.js';
import { ProblemDetail, ProblemTitle } from './problem-text.js';

/** What went wrong, in the words of the problem document. */
export function Trouble({ error }: { readonly error: Error }) {
  const t = useWords();
  const isProblem = error instanceof ProblemError;
  return (
    <p role="alert" className="trouble">
      <b>{isProblem ? <ProblemTitle error={error} /> : t('unreachable.title')}</b>{' '}
      {isProblem ? <ProblemDetail error={error} /> : t('unreachable.detail')}
    </p>
  );
}
