import { Button } from '@fluentui/react-components';
import { type SubmitEvent, useRef, useState } from 'react';
import { postJson } from '../../api/http.js';
import { ProblemError } from '../../api/problem.js';
import { useMay } from '../../api/use-session.js';
import type { CommandAnswer } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Failure } from '../../ui/failure.js';
import { BodyKey } from './body-key.js';
import { bodyOf } from './body-of.js';
import { Briefing } from './briefing.js';
import type { Command } from './catalogue.js';
import { CommandFieldInput } from './command-field.js';
import { ConfirmName, namedThing } from './confirm-name.js';
import { useKeptDraft } from './kept-draft.js';
import { PlanResult } from './plan-result.js';
import { ScriptBox } from './script-box.js';
import { useSending } from './sending.js';

interface CommandFormProps {
  readonly command: Command;
  /** Names this form and what it was opened with. */
  readonly form: string;
  readonly isOff: boolean;
}

type Answered = { readonly answer: CommandAnswer; readonly body: Readonly<Record<string, unknown>> };

/** Fields, then the plan, then the same for good. What was planned is what is sent: a changed field asks for a new plan. */
export function CommandForm({ command, form, isOff }: CommandFormProps) {
  const t = useWords();
  const { search } = useAddress();
  const mayDo = useMay(command.role);
  const { draft, write, drop } = useKeptDraft(
    form,
    Object.fromEntries(command.fields.map(({ name }) => [name, search[name] ?? ''])),
  );
  const { isBusy, error, clearError, send } = useSending({ isOff: isOff || !mayDo });
  const [planned, setPlan] = useState<Answered | null>(null);
  const [result, setResult] = useState<CommandAnswer | null>(null);
  const [confirmed, setConfirmed] = useState('');
  const bodyKey = useRef(new BodyKey());
  const after = useRef<HTMLDivElement>(null);
  const path = `/api/commands/${command.path}`;
  const body = bodyOf(command, draft);
  // A field that is changed while its plan is on the way makes it one of something else.
  const plan = planned && JSON.stringify(planned.body) === JSON.stringify(body) ? planned : null;
  const toConfirm = namedThing(command.name, draft);

  const change = (name: string, value: string): void => {
    write({ ...draft, [name]: value });
    setPlan(null);
    setResult(null);
    clearError();
  };
  const sendAndShow = async (act: () => Promise<void>): Promise<void> => {
    if (await send(act)) requestAnimationFrame(() => after.current?.focus());
  };
  const askFirst = (event: SubmitEvent): void => {
    event.preventDefault();
    void sendAndShow(async () => {
      setResult(null);
      const { body: answer } = await postJson<CommandAnswer>(`${path}?plan=true`, body);
      setPlan({ answer, body });
    });
  };
  // The key makes a second press, or one after a lost answer, the same command.
  const apply = (sent: Answered): Promise<void> =>
    sendAndShow(async () => {
      const { body: answer } = await bodyKey.current.send(sent.body, (key) =>
        postJson<CommandAnswer>(path, sent.body, { 'idempotency-key': key }),
      );
      setResult(answer);
      setPlan(null);
      drop();
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
                    onClick={() => void apply(plan)}
                  >
                    {t('command.apply')}
                  </Button>
                </div>
              )}
              {isRefused && (
                <div className="actions">
                  <Button disabledFocusable={isBusy || isOff} onClick={() => void apply(plan)}>
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
