import { ChevronDownRegular } from '@fluentui/react-icons/headless/svg/chevron-down';
import { ChevronRightRegular } from '@fluentui/react-icons/headless/svg/chevron-right';
import type { TimelineItem } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { commandName } from '../../ui/command-name.js';
import { useWords } from '../../i18n/i18n.js';
import { OutcomeBadge } from '../../ui/badges.js';
import { Refusals } from '../../ui/failure.js';
import { PageLink } from '../../ui/page-link.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { Changes } from './changes.js';
import { Payloads } from './payloads.js';

interface TimelineRowProps {
  readonly item: TimelineItem;
  readonly isFull: boolean;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

const subjectsShown = 20;

/** One command: when, who, in plain words what; opened, everything that is known of it. */
export function TimelineRow({ item, isFull, isOpen, toggle }: TimelineRowProps) {
  const t = useWords();
  const { at, actor, command, outcome, summary, changes, reason, ticket, refusals, position, more } = item;
  return (
    <article className={`timeline-row${isFull ? ' full' : ''}${isOpen ? ' open' : ''}`} aria-label={summary}>
      <button type="button" className="timeline-head" aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? <ChevronDownRegular aria-hidden /> : <ChevronRightRegular aria-hidden />}
        <time dateTime={at} title={t.utc(at)}>
          {t.time(at)}
        </time>
        <span className="who">{actor.name}</span>
        <OutcomeBadge outcome={outcome} />
        <span className="what" title={isFull || isOpen ? undefined : summary}>
          <b>{commandName(t, command)}</b> <span lang="en">{summary}</span>
        </span>
        <span className="position">{t.count(Number(position))}</span>
      </button>
      {(isFull || isOpen) && (
        <div className="timeline-body">
          {changes.length > 0 && (
            <Changes
              changes={isOpen ? changes : changes.slice(0, 3)}
              more={(more?.changes ?? 0) + (isOpen ? 0 : changes.length - 3)}
            />
          )}
          {refusals.length > 0 && <Refusals refusals={refusals} />}
          {(reason !== null || ticket !== null) && (
            <p className="why">
              {reason !== null && <span>{t('timeline.reason', { reason })}</span>}
              {ticket !== null && (
                <PageLink to="/timeline" search={{ find: `ticket:${/\s/.test(ticket) ? `"${ticket}"` : ticket}` }}>
                  {ticket}
                </PageLink>
              )}
            </p>
          )}
          {isOpen && <Opened item={item} />}
        </div>
      )}
    </article>
  );
}

function Opened({ item }: { readonly item: TimelineItem }) {
  const t = useWords();
  const readsEvents = useMay('auditor');
  const { subjects, correlationId, causationId, run, events, position, actor, more } = item;
  const unshown = Math.max(0, subjects.length - subjectsShown) + (more?.subjects ?? 0);
  return (
    <>
      <dl className="facts small">
        <div>
          <dt>{t('timeline.subjects')}</dt>
          <dd className="subjects">
            {subjects.slice(0, subjectsShown).map((subject) => (
              <SubjectLink key={subject} subject={subject} />
            ))}
            {unshown > 0 && t('gates.moreOffenders', { count: unshown })}
          </dd>
        </div>
        <div>
          <dt>{t('timeline.cause')}</dt>
          <dd>
            <PageLink to="/timeline" search={{ find: `correlation:${correlationId}` }}>
              {t('timeline.sameCorrelation')}
            </PageLink>{' '}
            <code>{correlationId}</code>
            {causationId !== null && (
              <div className="hint">
                {t('timeline.causedBy')} <code>{causationId}</code>
              </div>
            )}
          </dd>
        </div>
        {run !== null && (
          <div>
            <dt>{t('run')}</dt>
            <dd>
              <SubjectLink subject={`run:${run}`} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('timeline.actor')}</dt>
          <dd>
            <PageLink to="/timeline" search={{ find: `actor:${actor.id}` }}>
              {actor.name}
            </PageLink>{' '}
            <code>{actor.id}</code> {actor.via}
          </dd>
        </div>
        <div>
          <dt>{t('timeline.moment')}</dt>
          <dd>
            <PageLink to="/compare" search={{ from: `@${before(events, position)}`, to: `@${position}` }}>
              {t('timeline.compare')}
            </PageLink>
          </dd>
        </div>
      </dl>
      {readsEvents ? <Payloads positions={events} /> : <p className="hint">{t('timeline.eventsForAuditors')}</p>}
    </>
  );
}

function before(events: readonly string[], position: string): string {
  const first = BigInt(events[0] ?? position);
  return String(first > 0n ? first - 1n : 0n);
}
