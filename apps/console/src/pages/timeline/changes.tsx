import type { Change } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { changedText, fieldText } from '../../ui/change-words.js';
import { SubjectLink } from '../../ui/subject-link.js';

/** What changed: before → after, field by field. */
export function Changes({ changes, more }: { readonly changes: readonly Change[]; readonly more: number }) {
  const t = useWords();
  return (
    <ul className="before-after">
      {changes.map(({ subject, field, before, after }) => (
        <li key={`${subject} ${field}`}>
          <SubjectLink subject={subject} short /> <FieldChange field={field} before={before} after={after} />
        </li>
      ))}
      {more > 0 && <li className="hint">{t('gates.moreOffenders', { count: more })}</li>}
    </ul>
  );
}

interface FieldChangeProps {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A field, and what it was and is. */
export function FieldChange({ field, before, after }: FieldChangeProps) {
  const t = useWords();
  return (
    <>
      <span className="field">{fieldText(t, field)}</span> <BeforeAfter field={field} before={before} after={after} />
    </>
  );
}

export function BeforeAfter({ field, before, after }: FieldChangeProps) {
  const t = useWords();
  return (
    <span className="pair">
      <del>
        <span className="sr-only">{t('change.before')}</span>
        {changedText(t, field, before)}
      </del>
      <span aria-hidden> → </span>
      <ins>
        <span className="sr-only">{t('change.after')}</span>
        {changedText(t, field, after)}
      </ins>
    </span>
  );
}
