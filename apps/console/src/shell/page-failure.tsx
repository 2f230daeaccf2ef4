import type { FallbackProps } from 'react-error-boundary';
import { useWords } from '../i18n/i18n.js';
import { PartFailure } from './part-failure.js';

/** A page that failed. */
export function PageFailure(failed: FallbackProps) {
  const t = useWords();
  return (
    <div className="page">
      <PartFailure {...failed} />
      {/* Whatever failed, this begins anew. */}
      <a className="link" href="/">
        {t('failed.home')}
      </a>
    </div>
  );
}
