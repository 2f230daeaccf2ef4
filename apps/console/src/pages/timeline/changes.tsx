import type { Change } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { valueText } from '../../ui/value-text.js';

/** What changed: before → after, field by field. */
export function Changes({ changes, more }: { readonly changes: readonly Change[]; readonly more: number }) {
  const t = useWords();
  return (
    <ul className="before-after">
      {changes.map(({ subject, field, before, after }) => (
        <li key={`${subject} ${field}`}>
          <SubjectLink subject={subject} short /> <span className="field">{t.named('field', field)}</span>{' '}
          <BeforeAfter before={before} after={after} />
        </li>
      ))}
      {more > 0 && <li className="hint">{t('gates.moreOffenders', { count: more })}</li>}
    </ul>
  );
}

export function BeforeAfter({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const t = useWords();
  return (
    <span className="pair">
      <del>
        <span className="sr-only">{t('change.before')}</span>
        {valueText(before)}
      </del>
      <span aria-hidden> → </span>
      <ins>
        <span className="sr-only">{t('change.after')}</span>
        {valueText(after)}
      </ins>
    </span>
  );
}
