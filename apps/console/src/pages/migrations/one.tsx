import { Badge } from '@fluentui/react-components';
import { ArrowCircleRightRegular } from '@fluentui/react-icons/headless/svg/arrow-circle-right';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/headless/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/headless/svg/circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/headless/svg/subtract-circle';
import { Fragment } from 'react';
import type { Migration, StepStatus } from '../../api/types.js';
import { useAddress } from '../../shell/address.js';
import { useWords } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { Facts } from '../../ui/facts.js';
import { Loaded } from '../../ui/loaded.js';
import { PageHeader } from '../../ui/page-header.js';
import { Rule } from '../../ui/rule.js';
import { FindingCard } from '../findings/finding-card.js';
import { migrationFacts } from './migration-facts.js';
import { commandOfStep } from './step-commands.js';

const closed = ['completed', 'rolled-back'];

/** One migration as a stepper: what was done, by whom, on what evidence; what comes next and what it lacks. */
export function Page() {
  const t = useWords();
  const { migration: id = '' } = useAddress().params;
  return (
    <Loaded<Migration> path={`/api/migrations/${encodeURIComponent(id)}`} kind={t('field.migration')} title={id}>
      {(migration, position) => <MigrationPage migration={migration} position={position} />}
    </Loaded>
  );
}

interface MigrationPageProps {
  readonly migration: Migration;
  readonly position: string | null;
}

function MigrationPage({ migration, position }: MigrationPageProps) {
  const t = useWords();
  const { target, state, steps, findings, carriedOver, rolledBack } = migration;
  return (
    <div className="page">
      <PageHeader
        kind={t('field.migration')}
        title={migration.migration}
        position={position}
        badges={<Badge appearance="tint">{t.named('migrationState', state)}</Badge>}
      >
        {!closed.includes(state) && (
          <CommandButton command="roll-back-migration" fields={{ migration: migration.migration }}>
            {t('command.RollBackMigration')}
          </CommandButton>
        )}
      </PageHeader>
      <Facts
        label={t('field.migration')}
        facts={[
          ...migrationFacts(t, migration),
          {
            name: t('migrations.clashes'),
            value:
              carriedOver.clashes === 0 ? '—' : `${t.count(carriedOver.clashes)}: ${carriedOver.clashNames.join(', ')}`,
          },
          ...(rolledBack
            ? [
                {
                  name: t.named('migrationState', 'rolled-back'),
                  value: [t.time(rolledBack.at), rolledBack.by.name, rolledBack.reason].filter(Boolean).join(' · '),
                },
              ]
            : []),
        ]}
      />
      <ol className="steps-list" aria-label={t('migrations.steps')}>
        {steps.map((step) => {
          const command = commandOfStep(step.step, migration.migration, target);
          return (
            <li
              key={step.step}
              className={`step ${step.status}`}
              {...(step.status === 'next' && { 'aria-current': 'step' })}
            >
              <StepSign status={step.status} />
              <div>
                <b>{t.named('step', step.step)}</b> <small>{t(`stepStatus.${step.status}`)}</small>
                {step.at !== null && (
                  <div className="hint" title={t.utc(step.at)}>
                    {t.time(step.at)} · {step.by?.name}
                  </div>
                )}
                {step.evidence !== null && <div>{step.evidence}</div>}
                {step.missing.length > 0 && (
                  <div className="hint">
                    {t('migrations.missing')}{' '}
                    {step.missing.map((rule, index) => (
                      <Fragment key={rule}>
                        {index > 0 && ' · '}
                        <Rule rule={rule} />
                      </Fragment>
                    ))}
                  </div>
                )}
              </div>
              {command && step.status === 'next' && (
                <CommandButton command={command.path} role={command.role} fields={command.fields} isPrimary>
                  {t.named('command', command.name)}
                </CommandButton>
              )}
            </li>
          );
        })}
      </ol>
      {findings.length > 0 && (
        <section aria-label={t('nav.findings')} className="gates">
          <h2>{t('nav.findings')}</h2>
          <ol>
            {findings.map((finding) => (
              <FindingCard key={`${finding.subject} ${finding.finding}`} finding={finding} />
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

function StepSign({ status }: { readonly status: StepStatus }) {
  const signs = {
    done: <CheckmarkCircleRegular />,
    next: <ArrowCircleRightRegular />,
    blocked: <CircleRegular />,
    skipped: <SubtractCircleRegular />,
  };
  return <span aria-hidden>{signs[status]}</span>;
}
