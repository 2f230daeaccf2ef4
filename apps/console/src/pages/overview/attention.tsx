import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { Deployment, Finding, Migration, Page, Pool, Projection, Run } from '../../api/types.js';
import { useAll, useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useMoment } from '../../moment/moment.js';
import { kindName } from '../../ui/command-name.js';
import { PageLink } from '../../ui/page-link.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { type Attention as Wanted, needsAttention } from './needs-attention.js';

const shownMax = 8;
const none = { items: [], total: 0 };

/** What wants a person: the thing, why, since when, and what to do next. */
export function Attention(estate: { readonly pools: readonly Pool[]; readonly deployments: readonly Deployment[] }) {
  const t = useWords();
  const { isPast } = useMoment();
  const [isWhole, setWhole] = useState(false);
  const runs = useView<Page<Run>>('/api/runs', { limit: '20' });
  const migrations = useAll<Migration>('/api/migrations');
  const errors = useAll<Finding>('/api/findings', { status: 'open', severity: 'error' });
  const warnings = useAll<Finding>('/api/findings', { status: 'open', severity: 'warning' });
  // Of now alone: what the views were like in the past is kept nowhere.
  const projections = useView<Page<Projection>>('/api/projections', {}, { asOf: undefined, enabled: !isPast });
  const isKnown = [runs, migrations, errors, warnings].every(({ data }) => data !== undefined);
  // All at once: what comes later would push aside what is being read.
  const isPending = [runs, migrations, errors, warnings].some((each) => each.isPending);
  const all = needsAttention({
    ...estate,
    runs: runs.data?.body.items ?? [],
    migrations: migrations.data?.body.items ?? [],
    projections: isPast ? [] : (projections.data?.body.items ?? []),
    errors: errors.data?.body.items ?? [],
    warnings: warnings.data?.body ?? none,
  });
  return (
    <section className="card" aria-label={t('overview.attention')}>
      <header>
        <h2>{t('overview.attention')}</h2>
        {!isPending && all.length > shownMax && (
          <Button size="small" appearance="subtle" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('overview.attentionFewer') : t('overview.attentionAll', { count: all.length })}
          </Button>
        )}
      </header>
      {all.length === 0 && isKnown && <p>{t('overview.attentionNone')}</p>}
      <ul className="attention">
        {(isPending ? [] : all).slice(0, isWhole ? undefined : shownMax).map((each) => (
          <Entry key={`${each.subject} ${each.reason}`} {...each} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ subject, kind, reason, count, step, since, to, search }: Wanted) {
  const t = useWords();
  return (
    <li>
      <div>
        <Thing subject={subject} kind={kind} to={to} />
        <div>{t(`attention.${reason}`, { count, step: step === undefined ? '' : t.named('step', step) })}</div>
        {since && (
          <small title={t.utc(since)}>
            <Since instant={since} isOver={reason === 'runFailed'} />
          </small>
        )}
      </div>
      <PageLink to={to} {...(search && { search })}>
        {t(`attention.${reason}.next`)}
      </PageLink>
    </li>
  );
}

/** Since when, or how long ago. Who looks at the past is not told how long ago that is now. */
function Since({ instant, isOver }: { readonly instant: string; readonly isOver: boolean }) {
  const t = useWords();
  const { isPast } = useMoment();
  if (isPast) return isOver ? t.time(instant) : t('attention.sinceAt', { at: t.time(instant) });
  return t(isOver ? 'attention.ago' : 'attention.since', { span: t.span((Date.now() - Date.parse(instant)) / 1000) });
}

function Thing({ subject, kind, to }: Pick<Wanted, 'subject' | 'to'> & { readonly kind: string | undefined }) {
  const t = useWords();
  if (kind !== undefined)
    return (
      <PageLink to={to}>
        {t('run')}: {kindName(t, kind)}
      </PageLink>
    );
  if (subject.startsWith('view:'))
    return (
      <b>
        {t('views.name')} {subject.slice('view:'.length)}
      </b>
    );
  // Its name may be any: that of a site, say.
  if (subject.startsWith('migration:'))
    return (
      <PageLink to={`/migrations/${encodeURIComponent(subject.slice('migration:'.length))}`}>
        {t('field.migration')}: {subject.slice('migration:'.length)}
      </PageLink>
    );
  return <SubjectLink subject={subject} short />;
}
