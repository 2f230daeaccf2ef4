import { Badge } from '@fluentui/react-components';
import { ErrorCircleRegular } from '@fluentui/react-icons/headless/svg/error-circle';
import { InfoRegular } from '@fluentui/react-icons/headless/svg/info';
import { WarningRegular } from '@fluentui/react-icons/headless/svg/warning';
import type { Finding } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { Offenders } from '../../ui/offenders.js';
import { SubjectLink } from '../../ui/subject-link.js';

const looks = {
  error: { color: 'danger', icon: <ErrorCircleRegular /> },
  warning: { color: 'warning', icon: <WarningRegular /> },
  info: { color: 'informative', icon: <InfoRegular /> },
} as const;

/** The measured fact, what it concerns, and how it goes away. */
export function FindingCard({ finding }: { readonly finding: Finding }) {
  const t = useWords();
  const { subject, finding: name, severity, detail, count, offenders, resolve, status, by, at, expiresAt } = finding;
  const fields = { subject, finding: name };
  return (
    <li className={status === 'open' && severity !== 'info' ? `gate open ${severity}` : 'gate'}>
      <div className="gate-head">
        <Badge appearance="tint" {...looks[severity]}>
          {t(`severity.${severity}`)}
        </Badge>
        <b>{t.named('findingName', name)}</b>
        <SubjectLink subject={subject} />
        <code>{name}</code>
        {status !== 'open' && <Badge appearance="tint">{t(`findingStatus.${status}`)}</Badge>}
      </div>
      <p lang="en">{detail}</p>
      {by && at && (
        <small title={t.utc(at)}>
          {by.name}, {t.time(at)}
          {expiresAt && ` · ${t('gates.until', { at: t.time(expiresAt) })}`}
        </small>
      )}
      {resolve.length > 0 && status === 'open' && (
        <ul className="reasons" lang="en">
          {resolve.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
      <Offenders offenders={offenders} count={count} isInTheWay={severity === 'error'} />
      {status === 'open' && severity !== 'info' && (
        <div className="actions">
          {name.startsWith('prepare.') && (
            <CommandButton command="resolve-finding" fields={fields}>
              {t('command.ResolveFinding')}
            </CommandButton>
          )}
          {name !== 'content.name-too-long' && (
            <CommandButton command="waive-finding" role="approver" fields={fields}>
              {t('command.WaiveFinding')}
            </CommandButton>
          )}
        </div>
      )}
    </li>
  );
}
