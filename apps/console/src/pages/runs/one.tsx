import { ProgressBar } from '@fluentui/react-components';
import type { Run } from '../../api/types.js';
import { kindName } from '../../ui/command-name.js';
import { useAddress } from '../../shell/address.js';
import { useWords } from '../../i18n/i18n.js';
import { Facts } from '../../ui/facts.js';
import { Loaded } from '../../ui/loaded.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { planOf } from './plan-of.js';
import { RunActions } from './run-actions.js';
import { RunBadge } from './run-badge.js';
import { RunRows } from './run-rows.js';
import { Message } from '../../ui/message.js';

export function Page() {
  const t = useWords();
  const { run: id = '' } = useAddress().params;
  return (
    <Loaded<Run> path={`/api/runs/${encodeURIComponent(id)}`} kind={t('run')} title={id}>
      {(run, position) => <RunPage run={run} position={position} />}
    </Loaded>
  );
}

interface RunPageProps {
  readonly run: Run;
  readonly position: string | null;
}

function RunPage({ run, position }: RunPageProps) {
  const t = useWords();
  const { processed, total, counts, startedAt, finishedAt, ratePerSecond, by, state, stuck } = run;
  const failed = counts.refused + counts.invalid;
  return (
    <div className="page list-page">
      <PageHeader
        kind={t('run')}
        title={kindName(t, run.kind)}
        detail={run.run}
        position={position}
        badges={<RunBadge run={run} />}
      >
        {/* What was sent in another state keeps nothing of this one off, answered or not. */}
        <RunActions key={run.state} run={run} />
        {failed > 0 && (
          <a className="link" href={`/api/runs/${run.run}/failed.csv`} download>
            {t('runs.failedFile', { count: failed })}
          </a>
        )}
      </PageHeader>
      {stuck && (
        <Message intent="warning" title={t('runs.stuckSince', { at: t.time(stuck.since) })}>
          {stuck.because}
        </Message>
      )}
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
          ...sourceOf(run, t),
          { name: t('runs.started'), value: <span title={t.utc(startedAt)}>{t.time(startedAt)}</span> },
          { name: t('runs.by'), value: by.name },
          ...(state === 'running'
            ? [
                {
                  name: t('runs.rate'),
                  value:
                    ratePerSecond === null
                      ? '—'
                      : t('runs.perSecond', {
                          rate: ratePerSecond < 1 ? Number(ratePerSecond.toFixed(1)) : Math.round(ratePerSecond),
                        }),
                },
                { name: t('runs.left'), value: leftOf(run, t) },
              ]
            : []),
          ...(finishedAt === null
            ? []
            : [
                { name: t('runs.finished'), value: t.time(finishedAt) },
                {
                  name: t('runs.took'),
                  value: tookOf((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000, t),
                },
              ]),
        ]}
      />
      <RunRows run={run} />
    </div>
  );
}

function leftOf({ etaSecondsMin, etaSecondsMax }: Run, t: ReturnType<typeof useWords>): string {
  if (etaSecondsMin === null || etaSecondsMax === null) return t('runs.leftUnknown');
  return t('runs.leftRange', { least: t.span(etaSecondsMin), most: t.span(etaSecondsMax) });
}

function tookOf(seconds: number, t: ReturnType<typeof useWords>): string {
  return seconds < 1 ? t('runs.tookNoTime') : t.span(seconds);
}

/** What its rows come from. */
function sourceOf({ file: { name } }: Run, t: ReturnType<typeof useWords>) {
  if (name === null) return [];
  const plan = planOf(name);
  return plan === undefined
    ? [{ name: t('field.file'), value: name }]
    : [{ name: t('plan.title'), value: <PageLink to={`/plans/${plan}`}>{t('runs.ofPlan')}</PageLink> }];
}
