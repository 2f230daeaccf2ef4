import { Button } from '@fluentui/react-components';
import type { SubmitEvent } from 'react';
import { ask, postJson } from '../../api/http.js';
import { ProblemError } from '../../api/problem.js';
import { useMay } from '../../api/use-session.js';
import type { Page, Plan, User } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Failure } from '../../ui/failure.js';
import { PageLink } from '../../ui/page-link.js';
import { parametersOf, readQualifiers } from '../../ui/qualifiers.js';
import { bodyOf } from '../commands/body-of.js';
import type { Command } from '../commands/catalogue.js';
import { CommandFieldInput } from '../commands/command-field.js';
import { useKeptDraft } from '../commands/kept-draft.js';
import { ScriptBox } from '../commands/script-box.js';
import { useSending } from '../commands/sending.js';
import { userFilters } from '../users/find-users.js';
import { Message } from '../../ui/message.js';

interface BulkFormProps {
  readonly command: Command;
  /** Names this form and what it was opened with. */
  readonly form: string;
  readonly isOff: boolean;
}

/** One command for all users that a filter finds, or for those that were chosen: first their plan. */
export function BulkForm({ command, form, isOff }: BulkFormProps) {
  const t = useWords();
  const { search, go } = useAddress();
  const mayDo = useMay(command.role);
  const chosen = search['users']?.split(' ').filter(Boolean);
  const find = search['for'] ?? '';
  const filter = Object.fromEntries(
    Object.entries(parametersOf(readQualifiers(find, userFilters))).map(([name, values]) => [name, values.join(' ')]),
  );
  const found = useView<Page<User>>('/api/users', { ...filter, limit: '1' }, { enabled: chosen === undefined });
  // Reason and ticket are given when the plan is applied.
  const fields = command.fields.filter(({ name }) => !['user', 'reason', 'ticket'].includes(name));
  const { draft, write, drop } = useKeptDraft(form, {});
  const body = bodyOf({ fields }, draft);
  const asked = { command: command.name, fields: body, for: { users: filter } };
  const count = chosen?.length ?? found.data?.body.total ?? 0;
  const isNotNow = isOff || !mayDo || count === 0;
  const { isBusy, error, send } = useSending({ isOff: isNotNow, leaves: true });

  const plan = (event: SubmitEvent): void => {
    event.preventDefault();
    void send(async () => {
      const answer = chosen
        ? await ask<Plan>(`/api/plans/bulk/${command.path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-ndjson' },
            body: chosen.map((user) => `${JSON.stringify({ user, ...body })}\n`).join(''),
          })
        : await postJson<Plan>('/api/plans', asked);
      drop();
      go(`/plans/${answer.body.plan}`);
    });
  };
  const problemOf = (field: string): string | undefined =>
    error instanceof ProblemError
      ? error.document.errors?.find((each) => each.field === `fields.${field}`)?.message
      : undefined;
  return (
    <form className="command-form bulk" onSubmit={plan}>
      <Message intent="info">
        {t(chosen ? 'bulk.chosen' : find === '' ? 'bulk.everybody' : 'bulk.found', { count })}{' '}
        <PageLink className="inline" to="/users" search={{ find }}>
          {find === '' ? t('nav.users') : find}
        </PageLink>
      </Message>
      {fields.map((field) => (
        <CommandFieldInput
          key={field.name}
          field={field}
          draft={draft}
          change={(value) => write({ ...draft, [field.name]: value })}
          problem={problemOf(field.name)}
        />
      ))}
      <div className="actions">
        <Button type="submit" appearance="primary" disabledFocusable={isBusy || isNotNow}>
          {isBusy ? t('bulk.planning') : t('bulk.plan', { count })}
        </Button>
        {!mayDo && <span>{t('command.offForRole', { role: t(`role.${command.role}`) })}</span>}
      </div>
      {error && <Failure error={error} />}
      {!chosen && <ScriptBox path="/api/plans" body={asked} />}
    </form>
  );
}
