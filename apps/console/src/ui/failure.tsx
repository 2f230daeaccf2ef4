import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { ProblemError, type Refusal } from '../api/problem.js';
import { useWords } from '../i18n/i18n.js';
import { Rule } from './rule.js';

interface FailureProps {
  readonly error: Error;
  readonly again?: () => void;
}

/** What went wrong, in the words of the problem document. */
export function Failure({ error, again }: FailureProps) {
  const t = useWords();
  const isProblem = error instanceof ProblemError;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody className="failure">
        <MessageBarTitle>
          {isProblem ? <span lang="en">{error.document.title}</span> : t('unreachable.title')}
        </MessageBarTitle>{' '}
        {isProblem ? <ProblemWords error={error} /> : <span>{t('unreachable.detail')}</span>}
      </MessageBarBody>
      {again && (
        <MessageBarActions>
          <Button onClick={again}>{t('again')}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

function ProblemWords({ error }: { readonly error: ProblemError }) {
  const t = useWords();
  const { detail, errors = [], refusals = [] } = error.document;
  return (
    <>
      {errors.length === 0 && refusals.length === 0 && <span lang="en">{detail}</span>}
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
        <small>{t('problem.correlation', { id: error.correlationId })}</small>
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
