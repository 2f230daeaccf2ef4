import { ProblemError, type Refusal, UnreachableError } from '../api/problem.js';
import { useWords } from '../i18n/i18n.js';
import { placeAt } from '../shell/navigation.js';
import { Message } from './message.js';
import { PlainButton } from './plain-button.js';
import { ProblemAdvice, ProblemDetail, ProblemTitle } from './problem-text.js';
import { Rule } from './rule.js';

interface FailureProps {
  readonly error: Error;
  readonly again?: () => void;
}

const finalStatuses: readonly number[] = [400, 403, 404];

/** What went wrong: in the words of the problem document, or that nothing answered, or that the console itself failed. */
export function Failure({ error, again }: FailureProps) {
  const t = useWords();
  const isProblem = error instanceof ProblemError;
  const isUnreachable = error instanceof UnreachableError;
  // The same question by the same roles gets the same answer; now, what comes to be is shown without being asked for.
  const isFinal = isProblem && finalStatuses.includes(error.document.status);
  return (
    <Message
      intent="error"
      role="alert"
      className="failure"
      title={isProblem ? <ProblemTitle error={error} /> : t(isUnreachable ? 'unreachable.title' : 'failed.title')}
      actions={again && !isFinal && <PlainButton onClick={again}>{t('again')}</PlainButton>}
    >
      {isProblem ? (
        <ProblemWords error={error} />
      ) : (
        <span>{isUnreachable ? t('unreachable.detail') : t('failed.detail', { message: error.message })}</span>
      )}
      {isProblem && error.document.status === 403 && <RolesOfPage />}
    </Message>
  );
}

/** Which roles the page takes, where it takes any. */
function RolesOfPage() {
  const t = useWords();
  // The browser's own: a failure can be shown where there is no page.
  const roles = placeAt(location.pathname)?.roles ?? [];
  if (roles.length === 0) return null;
  return (
    <div>{t('forbidden.roles', { count: roles.length, roles: roles.map((role) => t(`role.${role}`)).join(', ') })}</div>
  );
}

function ProblemWords({ error }: { readonly error: ProblemError }) {
  const t = useWords();
  const { errors = [], refusals = [] } = error.document;
  return (
    <>
      {errors.length === 0 && refusals.length === 0 ? <ProblemDetail error={error} /> : <ProblemAdvice error={error} />}
      {errors.length > 0 && (
        <ul>
          {errors.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field !== '' && <b>{t.named('field', field)}</b>} <span lang="en">{message}</span>
            </li>
          ))}
        </ul>
      )}
      {refusals.length > 0 && <Refusals refusals={refusals} />}
      {error.correlationId && error.document.status >= 500 && (
        <small>{t('problemId', { id: error.correlationId })}</small>
      )}
    </>
  );
}

/** Every rule that says no. */
export function Refusals({ refusals }: { readonly refusals: readonly Refusal[] }) {
  return (
    <ul className="refusals">
      {refusals.map(({ rule, detail }) => (
        <li key={`${rule} ${detail}`}>
          <Rule rule={rule} detail={detail} />
        </li>
      ))}
    </ul>
  );
}
