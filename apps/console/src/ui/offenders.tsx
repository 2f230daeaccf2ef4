import { useWords } from '../i18n/i18n.js';
import { SubjectLink } from './subject-link.js';

interface OffendersProps {
  /** The first ones. */
  readonly offenders: readonly string[];
  readonly count: number;
  /** Or only what it is about. */
  readonly isInTheWay?: boolean;
}

/** What stands in the way or is concerned, each leading to its page. */
export function Offenders({ offenders, count, isInTheWay = true }: OffendersProps) {
  const t = useWords();
  if (offenders.length === 0) return null;
  return (
    <details>
      <summary>{t(isInTheWay ? 'gates.offenders' : 'findings.concerned', { count })}</summary>
      <ul className="offenders">
        {offenders.map((offender) => (
          <li key={offender}>
            <SubjectLink subject={offender} />
          </li>
        ))}
        {count > offenders.length && <li>{t('gates.moreOffenders', { count: count - offenders.length })}</li>}
      </ul>
    </details>
  );
}
