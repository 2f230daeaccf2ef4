import type { Deployment, Page, Pool, Run } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { PageLink } from '../../ui/page-link.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { needsAttention } from './needs-attention.js';

const shownMax = 8;

/** What wants a person: the thing, why, since when, and what to do next. */
export function Attention(estate: { readonly pools: readonly Pool[]; readonly deployments: readonly Deployment[] }) {
  const t = useWords();
  const runs = useView<Page<Run>>('/api/runs', { limit: '20' });
  const all = needsAttention({ ...estate, runs: runs.data?.body.items ?? [] });
  return (
    <section className="card" aria-label={t('overview.attention')}>
      <header>
        <h2>{t('overview.attention')}</h2>
        {all.length > shownMax && <span>{t('overview.attentionMore', { shown: shownMax, count: all.length })}</span>}
      </header>
      {all.length === 0 && <p>{t('overview.attentionNone')}</p>}
      <ul className="attention">
        {all.slice(0, shownMax).map(({ subject, reason, count, since, to, search }) => (
          <li key={`${subject} ${reason}`}>
            <div>
              {subject.startsWith('run:') ? <b>{t('run')}</b> : <SubjectLink subject={subject} short />}
              <div>{t(`attention.${reason}`, { count })}</div>
              {since && (
                <small title={t.utc(since)}>
                  {t('attention.since', { span: t.span((Date.now() - Date.parse(since)) / 1000) })}
                </small>
              )}
            </div>
            <PageLink to={to} {...(search && { search })}>
              {t(`attention.${reason}.next`)}
            </PageLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
