import type { Gate, Gates } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { GateBadge } from '../../ui/badges.js';
import { CommandButton } from '../../ui/command-button.js';
import { Failure } from '../../ui/failure.js';
import { Offenders } from '../../ui/offenders.js';
import { Waiting } from '../../ui/waiting.js';
import { remedyOf } from './remedy.js';

interface GatesChecklistProps {
  /** `pool:…` or `deployment:…`, of a legacy generation. */
  readonly subject: string;
  readonly isDecommissioned: boolean;
}

/** What must be true before a legacy thing goes, one by one, each with what fixes it. */
export function GatesChecklist({ subject, isDecommissioned }: GatesChecklistProps) {
  const t = useWords();
  const { data, error, refetch } = useView<Gates>(`/api/gates/${encodeURIComponent(subject)}`);
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!data) return <Waiting />;
  const { gates } = data.body;
  const open = gates.filter(({ status }) => status === 'not-met' || status === 'unknown');
  const [, kind = '', id = ''] = /^([a-z]+):(.+)$/.exec(subject) ?? [];
  const command = kind === 'pool' ? 'decommission-pool' : 'decommission-deployment';
  return (
    <section className="gates" aria-label={t('gates.title')}>
      <ol>
        {gates.map((gate) => (
          <GateRow key={gate.gate} gate={gate} subject={subject} isDecommissioned={isDecommissioned} />
        ))}
      </ol>
      {!isDecommissioned && (
        <footer>
          <CommandButton command={command} role="approver" fields={{ [kind]: id }} isPrimary={open.length === 0}>
            {t(kind === 'pool' ? 'command.DecommissionPool' : 'command.DecommissionDeployment')}
          </CommandButton>
          <span>
            {open.length === 0
              ? t('gates.allMet')
              : t('gates.missing', {
                  count: open.length,
                  gates: open.map(({ gate }) => t.named('gate', gate)).join(', '),
                })}
          </span>
        </footer>
      )}
    </section>
  );
}

function GateRow({ gate, subject, isDecommissioned }: { readonly gate: Gate } & GatesChecklistProps) {
  const t = useWords();
  const { gate: name, kind, status, count, offenders, evidence, by, at, expiresAt } = gate;
  const isOpen = status === 'not-met' || status === 'unknown';
  const remedy = remedyOf(name, subject);
  return (
    <li className={isOpen ? 'gate open' : 'gate'}>
      <div className="gate-head">
        <GateBadge status={status} />
        <b>{t.named('gate', name)}</b>
        <code>{name}</code>
      </div>
      <p>{t.named('gateHint', name)}</p>
      {evidence !== null && (
        <p className="evidence">
          {status === 'waived' ? t('gates.waived') : t('gates.evidence')} «{evidence}»{' '}
          {by && at && (
            <small title={t.utc(at)}>
              {by.name}, {t.time(at)}
              {expiresAt && ` · ${t('gates.until', { at: t.time(expiresAt) })}`}
            </small>
          )}
        </p>
      )}
      <Offenders offenders={offenders} count={count} />
      {isOpen && !isDecommissioned && (
        <div className="actions">
          {kind === 'attested' ? (
            <>
              <CommandButton command="attest-gate" fields={{ subject, gate: name }}>
                {t('gates.attest')}
              </CommandButton>
              <CommandButton command="waive-gate" role="approver" fields={{ subject, gate: name }}>
                {t('gates.waive')}
              </CommandButton>
            </>
          ) : (
            remedy && (
              <CommandButton command={remedy.command} fields={remedy.fields}>
                {t.named('command', remedy.name)}
              </CommandButton>
            )
          )}
        </div>
      )}
    </li>
  );
}
