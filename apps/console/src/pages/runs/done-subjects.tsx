import type { Page, Run, TimelineItem } from '../../api/types.js';
import { useMay } from '../../api/use-session.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { PageLink } from '../../ui/page-link.js';
import { planOf } from './plan-of.js';

/** Once each time it was started, tried again or taken over. */
const sendingsMax = 50;

/** Of rows that went right a run keeps the lines alone: who they were about, the plan or the timeline tells. */
export function DoneSubjects({ run: { run, file } }: { readonly run: Run }) {
  const t = useWords();
  const plan = planOf(file.name);
  const readsTimeline = useMay('operator', 'approver', 'auditor');
  const sendings = useView<Page<TimelineItem>>(
    '/api/timeline',
    { subject: `run:${run}`, outcome: 'done', limit: String(sendingsMax) },
    { enabled: plan === undefined && readsTimeline },
  );
  if (plan !== undefined)
    return (
      <p className="hint">
        <PageLink to={`/plans/${plan}`} search={{ outcome: 'done' }}>
          {t('runs.doneInPlan')}
        </PageLink>
      </p>
    );
  // Each sending has its own, and its rows have the same.
  const correlations = [...new Set(sendings.data?.body.items.map(({ correlationId }) => correlationId))];
  if (!readsTimeline) return null;
  return (
    <p className="hint">
      {correlations.length > 0 && (
        <PageLink
          to="/timeline"
          search={{ find: ['outcome:done', ...correlations.map((id) => `correlation:${id}`)].join(' ') }}
        >
          {t('runs.doneInTimeline')}
        </PageLink>
      )}{' '}
    </p>
  );
}
