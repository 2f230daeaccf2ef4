import type { Page, TimelineItem } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { commandName } from '../../ui/command-name.js';
import { OutcomeBadge } from '../../ui/badges.js';
import { Failure } from '../../ui/failure.js';
import { PageLink } from '../../ui/page-link.js';

const shown = '8';

export function LastChanges() {
  const t = useWords();
  const { data, error } = useView<Page<TimelineItem>>('/api/timeline', { limit: shown });
  return (
    <section className="card" aria-label={t('overview.lastChanges')}>
      <header>
        <h2>{t('overview.lastChanges')}</h2>
        <PageLink to="/timeline">{t('overview.wholeTimeline')}</PageLink>
      </header>
      {error && <Failure error={error} />}
      <ol className="changes">
        {data?.body.items.map(({ position, at, actor, command, summary, outcome }) => (
          <li key={position}>
            <time dateTime={at} title={t.utc(at)}>
              {t.time(at)}
            </time>
            <span>
              {outcome !== 'done' && <OutcomeBadge outcome={outcome} />}{' '}
              {t.language !== 'en' && <b>{commandName(t, command)}</b>} <span lang="en">{summary}</span>
            </span>
            <small>{actor.name}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}
