import type { ProblemError } from '../api/problem.js';
import { useWords, type Words } from '../i18n/i18n.js';

interface ProblemTextProps {
  readonly error: ProblemError;
}

/** Whether the console has words of the page's language for it. In English the server's own say it better. */
function isSaid(t: Words, kind: string): boolean {
  return t.language !== 'en' && t.named('problem', kind) !== kind;
}

/** What kind of problem it is. */
export function ProblemTitle({ error: { kind, document } }: ProblemTextProps) {
  const t = useWords();
  return isSaid(t, kind) ? t.named('problem', kind) : <span lang="en">{document.title}</span>;
}

/** What to do about it, where the words of the document that stand beside it are of another language. */
export function ProblemAdvice({ error: { kind, document } }: ProblemTextProps) {
  const t = useWords();
  if (!isSaid(t, kind)) return null;
  return (
    <>
      <br />
      {t.named('problemAdvice', kind)}
      <br />
      <span lang="en">{document.title}:</span>{' '}
    </>
  );
}

/** The document's own words, on a line below the title, after the advice where there is one. */
export function ProblemDetail({ error }: ProblemTextProps) {
  const t = useWords();
  return (
    <>
      {isSaid(t, error.kind) ? <ProblemAdvice error={error} /> : <br />}
      <span lang="en">{error.document.detail}</span>
    </>
  );
}
