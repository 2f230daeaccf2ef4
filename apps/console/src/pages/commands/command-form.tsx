import { Button } from '@fluentui/react-components';
import { type SubmitEvent, useRef, useState } from 'react';
import { postJson } from '../../api/http.js';
import { ProblemError } from '../../api/problem.js';
import { useMay } from '../../api/session.js';
import type { CommandAnswer } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Failure } from '../../ui/failure.js';
import { bodyOf, type Draft } from './body-of.js';
import { Briefing } from './briefing.js';
import type { Command } from './catalogue.js';
import { CommandFieldInput } from './command-field.js';
import { ConfirmName, namedThing } from './confirm-name.js';
import { newKey } from './new-key.js';
import { PlanResult } from './plan-result.js';
import { ScriptBox } from './script-box.js';

interface CommandFormProps {
  readonly command: Command;
  readonly isOff: boolean;
}

type Answered = { readonly answer: CommandAnswer; readonly body: Readonly<Record<string, unknown>> };

/** Fields, then the plan, then the same for good. What was planned is what is sent: a changed field asks for a new plan. */
export function CommandForm({ command, isOff }: CommandFormProps) {
  const t = useWords();
  const { search } = useAddress();
  const mayDo = useMay(command.role);
  const [draft, setDraft] = useState<Draft>(() =>
    Object.fromEntries(command.fields.map(({ name }) => [name, search[name] ?? ''])),
  );
  const [plan, setPlan] = useState<Answered | null>(null);
  const [result, setResult] = useState<CommandAnswer | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [confirmed, setConfirmed] = useState('');
  const key = useRef(newKey());
  const after = useRef<HTMLDivElement>(null);
  const path = `/api/commands/${command.path}`;
  const body = bodyOf(command, draft);
  const toConfirm = namedThing(command.name, draft);

  const change = (name: string, value: string): void => {
    setDraft({ ...draft, [name]: value });
    setPlan(null);
    setResult(null);
    setError(null);
  };
  const send = async (
    url: string,
    headers: Readonly<Record<string, string>>,
    take: (answer: CommandAnswer) => void,
  ) => {
    setBusy(true);
    setError(null);
    try {
      take((await postJson<CommandAnswer>(url, body, headers)).body);
    } catch (failed) {
      setError(failed as Error);
    }
    setBusy(false);
    requestAnimationFrame(() => after.current?.focus());
  };
  const askFirst = (event: SubmitEvent): void => {
    event.preventDefault();
    setResult(null);
    void send(`${path}?plan=true`, {}, (answer) => setPlan({ answer, body }));
  };
  // The key makes a second press, or one after a lost answer, the same command.
  const apply = (): void =>
    void send(path, { 'idempotency-key': key.current }, (answer) => {
      setResult(answer);
      setPlan(null);
      key.current = newKey();
    });
  const problemOf = (field: string): string | undefined =>
    error instanceof ProblemError ? error.document.errors?.find((each) => each.field === field)?.message : undefined;
  const isRefused = plan?.answer.outcome === 'refused';
  return (
    <div className="command">
      <form onSubmit={askFirst} className="command-form">
        {command.fields.map((field) => (
          <CommandFieldInput
            key={field.name}
            field={field}
            draft={draft}
            change={(value) => change(field.name, value)}
            problem={problemOf(field.name)}
          />
        ))}
        <div className="actions">
          <Button
            type="submit"
            appearance={plan ? 'secondary' : 'primary'}
            disabledFocusable={isBusy || isOff || !mayDo}
          >
            {t('command.seePlan')}
          </Button>
          {!mayDo && <span>{t('command.offForRole', { role: t(`role.${command.role}`) })}</span>}
        </div>
        <ScriptBox path={path} body={body} />
      </form>
      <div className="command-side">
        <div ref={after} tabIndex={-1} className="command-answer" aria-live="polite">
          {error && <Failure error={error} />}
          {plan && (
            <>
              <PlanResult answer={plan.answer} isPlan />
              {plan.answer.outcome === 'done' && toConfirm !== undefined && (
                <ConfirmName name={toConfirm} written={confirmed} write={setConfirmed} />
              )}
              {plan.answer.outcome === 'done' && (
                <div className="actions">
                  <Button
                    appearance="primary"
                    disabledFocusable={isBusy || isOff || (toConfirm !== undefined && confirmed.trim() !== toConfirm)}
                    onClick={apply}
                  >
                    {t('command.apply')}
                  </Button>
                </div>
              )}
              {isRefused && (
                <div className="actions">
                  <Button disabledFocusable={isBusy || isOff} onClick={apply}>
                    {t('command.recordRefusal')}
                  </Button>
                  <span className="hint">{t('command.recordRefusalHint')}</span>
                </div>
              )}
            </>
          )}
          {result && <PlanResult answer={result} isPlan={false} />}
        </div>
        <Briefing command={command.name} draft={draft} />
      </div>
    </div>
  );
}
