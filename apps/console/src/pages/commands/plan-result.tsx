import type { CommandAnswer } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useWords } from '../../i18n/i18n.js';
import { Refusals } from '../../ui/failure.js';
import { PageLink } from '../../ui/page-link.js';
import { changedText } from '../../ui/change-words.js';
import { BeforeAfter } from '../timeline/changes.js';
import { Message } from '../../ui/message.js';

interface PlanResultProps {
  readonly answer: CommandAnswer;
  readonly isPlan: boolean;
}

const intents = { done: 'success', unchanged: 'info', refused: 'error' } as const;

/** Done, unchanged or refused: what would be recorded, or was. */
export function PlanResult({ answer, isPlan }: PlanResultProps) {
  const t = useWords();
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const { outcome, events, refusals = [], position, secret } = answer;
  return (
    <section className="plan" aria-label={t(isPlan ? 'plan.title' : 'plan.result')}>
      <Message
        intent={isPlan && outcome === 'done' ? 'info' : intents[outcome]}
        title={t(`${isPlan ? 'plan' : 'result'}.${outcome}`)}
      >
        {outcome === 'done' && t(isPlan ? 'plan.events' : 'result.events', { count: events.length })}
        {refusals.length > 0 && <Refusals refusals={refusals} />}
      </Message>
      {secret !== undefined && (
        <Message intent="warning" title={t('token.secret')}>
          <code className="secret">{secret}</code>
        </Message>
      )}
      <ol className="planned-events">
        {events.map(({ type, stream, data }) => (
          <li key={`${type} ${stream} ${JSON.stringify(data)}`}>
            <code>{type}</code>
            <dl>
              {Object.entries(data).map(([name, value]) => (
                <div key={name}>
                  <dt>{t.named('field', name)}</dt>
                  <dd>
                    {isFromTo(value) ? (
                      <BeforeAfter field={name} before={value.from} after={value.to} />
                    ) : (
                      changedText(t, name, value)
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ol>
      {!isPlan && position !== null && (
        <p>
          {t('result.position', { position: t.count(Number(position)) })}{' '}
          {readsTimeline && <PageLink to="/timeline">{t('nav.timeline')}</PageLink>}
        </p>
      )}
    </section>
  );
}

function isFromTo(value: unknown): value is { readonly from: unknown; readonly to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}
