import { useWords } from '../i18n/i18n.js';

export function Waiting() {
  const t = useWords();
  return (
    <div className="waiting" role="progressbar" aria-label={t('loading')}>
      <span aria-hidden>{t('loading')}</span>
    </div>
  );
}
