import { ProgressBar } from '@fluentui/react-components';
import { useParams } from '@tanstack/react-router';
import type { Run } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { Facts } from '../../ui/facts.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { Waiting } from '../../ui/waiting.js';
import { RunBadge } from './run-badge.js';
import { RunRows } from './run-rows.js';

export function Page() {
  const t = useWords();
  const { run: id = '' } = useParams({ strict: false }) as { run?: string };
  const { data, error, refetch } = useView<Run>(`/api/runs/${encodeURIComponent(id)}`);
  if (error)
    return (
      <div className="page">
        <PageHeader kind={t('run')} title={id} />
        <Failure error={error} again={() => void refetch()} />
      </div>
    );
  if (!data) return <Waiting />;
  const run = data.body;
  const { processed, total, counts, startedAt, finishedAt, ratePerSecond, by, state } = run;
  const failed = counts.refused + counts.invalid;
  return (
    <div className="page list-page">
      <PageHeader
        kind={t('run')}
        title={t.named('runKind', run.kind)}
        detail={run.run}
        position={data.position}
        badges={<RunBadge run={run} />}
      >
        {failed > 0 && (
          <a className="link" href={`/api/runs/${run.run}/failed.csv`} download>
            {t('runs.failedFile', { count: failed })}
          </a>
        )}
      </PageHeader>
      <div className="run-progress" role="group" aria-label={t('runs.progress')}>
        <ProgressBar
          {...(total !== null && { value: total === 0 ? 1 : processed / total })}
          thickness="large"
          color={failed > 0 ? 'warning' : 'brand'}
          aria-label={t('runs.progress')}
        />
        <span>{total === null ? t('runs.processed', { count: processed }) : t('runs.of', { processed, total })}</span>
      </div>
      <Facts
        label={t('run')}
        facts={[
          { name: t('runs.started'), value: <span title={t.utc(startedAt)}>{t.time(startedAt)}</span> },
          { name: t('runs.by'), value: by.name },
          ...(state === 'running'
            ? [
                {
                  name: t('runs.rate'),
                  value: ratePerSecond === null ? '—' : t('runs.perSecond', { rate: ratePerSecond }),
                },
                { name: t('runs.left'), value: leftOf(run, t) },
              ]
            : [
                { name: t('runs.finished'), value: finishedAt === null ? '—' : t.time(finishedAt) },
                {
                  name: t('runs.took'),
                  value: finishedAt === null ? '—' : t.span((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000),
                },
              ]),
        ]}
      />
      <RunRows run={run} />
    </div>
  );
}

function leftOf({ etaSeconds }: Run, t: ReturnType<typeof useWords>): string {
  if (etaSeconds === null) return t('runs.leftUnknown');
  const [least, most] = typeof etaSeconds === 'number' ? [etaSeconds * 0.8, etaSeconds * 1.5] : etaSeconds;
  return t('runs.leftRange', { least: t.span(least), most: t.span(most) });
}
