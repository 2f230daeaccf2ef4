import { Button, Field, Select } from '@fluentui/react-components';
import { DocumentArrowUpRegular } from '@fluentui/react-icons/headless/svg/document-arrow-up';
import { type DragEvent, useRef, useState } from 'react';
import { type Answer, ask } from '../../api/http.js';
import { useMay } from '../../api/use-session.js';
import type { Deployment, Plan, Run } from '../../api/types.js';
import { useAll } from '../../api/views.js';
import { useMoment } from '../../moment/moment.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { useCommands } from '../commands/catalogue.js';
import { newKey } from '../commands/new-key.js';
import { PastNotice } from '../commands/past-notice.js';
import { useSending } from '../commands/sending.js';
import { FilePreview } from './file-preview.js';
import { previewBytes, recognise, type Recognised } from './recognise.js';
import { Message } from '../../ui/message.js';

/** A file dropped here becomes a run. */
interface Chosen {
  readonly file: File;
  readonly recognised: Recognised;
  /** The same file sent again is the same run. */
  readonly key: string;
}

export function Page() {
  const t = useWords();
  const mayImport = useMay('operator');
  const { isPast } = useMoment();
  const { search, change, go } = useAddress();
  const commands = useCommands();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [isOver, setOver] = useState(false);
  const [unreadable, setUnreadable] = useState<Error | null>(null);
  const isOff = isPast || !mayImport;
  const { isBusy, error, clearError, send } = useSending({ isOff, leaves: true });
  const picker = useRef<HTMLInputElement>(null);
  const what = search['what'] ?? 'users';
  const deployment = search['deployment'] ?? '';
  const deployments = useAll<Deployment>('/api/deployments', {}, { enabled: what === 'content' });
  const lacksDeployment = what === 'content' && deployment === '';
  const isLines = chosen !== null && /\.(ndjson|jsonl)$/i.test(chosen.file.name);

  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    clearError();
    setUnreadable(null);
    try {
      setChosen({
        file,
        recognised: recognise(new Uint8Array(await file.slice(0, previewBytes).arrayBuffer())),
        key: newKey(),
      });
    } catch (failed) {
      setUnreadable(failed as Error);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  };
  const upload = <T,>({ file, key }: Chosen, path: string): Promise<Answer<T>> =>
    ask<T>(path, {
      method: 'POST',
      headers: {
        'content-type': isLines ? 'application/x-ndjson' : 'text/csv',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
        'idempotency-key': key,
      },
      body: file,
    });
  const sendAs = (form: 'plan' | 'run'): void => {
    if (!chosen || lacksDeployment) return;
    void send(async () => {
      const path = placeOf(what, deployment);
      if (form === 'plan')
        go(`/plans/${(await upload<Plan>({ ...chosen, key: `${chosen.key}-plan` }, `/api/plans${path}`)).body.plan}`);
      else go(`/runs/${(await upload<Run>(chosen, `/api${path}`)).body.run}`);
    });
  };
  const trouble = error ?? unreadable;
  const cannotSend = isBusy || isOff || lacksDeployment;
  return (
    <div className="page">
      <PageHeader title={t('nav.import')} detail={t('import.detail')} />
      {isPast && <PastNotice />}
      {!mayImport && <Message intent="warning">{t('command.offForRole', { role: t('role.operator') })}</Message>}
      <Field label={t('import.what')} className="deployment-choice">
        <Select value={what} onChange={(_, { value }) => change({ what: value === 'users' ? undefined : value })}>
          <option value="users">{t('import.users')}</option>
          <option value="content">{t('import.content')}</option>
          <optgroup label={t('import.bulk')}>
            {commands
              ?.filter(({ role }) => role === 'operator')
              .map(({ path, name }) => (
                <option key={path} value={path}>
                  {t.named('command', name)} ({name})
                </option>
              ))}
          </optgroup>
        </Select>
      </Field>
      {what === 'content' && (
        <Field label={t('field.deployment')} className="deployment-choice">
          <Select value={deployment} onChange={(_, { value }) => change({ deployment: value })}>
            <option value="">{t('field.choose')}</option>
            {deployments.data?.body.items.map((each) => (
              <option key={each.deployment} value={each.deployment}>
                {each.deployment}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <p className="hint">
        {what === 'users'
          ? t('import.usersHint')
          : what === 'content'
            ? t('import.contentHint')
            : t('import.bulkHint', {
                fields:
                  commands
                    ?.find(({ path }) => path === what)
                    ?.fields.map(({ name }) => name)
                    .join(', ') ?? '',
              })}
      </p>
      <div
        className={`drop${isOver ? ' over' : ''}${chosen ? ' again' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <DocumentArrowUpRegular fontSize={40} aria-hidden />
        <p>{t('import.drop')}</p>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".csv,.txt,.tsv,.ndjson,.jsonl"
          aria-label={t('import.file')}
          onChange={({ target }) => {
            void choose(target.files?.[0]);
            target.value = '';
          }}
        />
        <Button disabledFocusable={isOff} onClick={() => !isOff && picker.current?.click()}>
          {t('import.pick')}
        </Button>
      </div>
      {trouble && <Failure error={trouble} />}
      {chosen && <FilePreview file={chosen.file} recognised={chosen.recognised} isLines={isLines} />}
      {chosen && (
        <div className="actions">
          <Button appearance="primary" disabledFocusable={cannotSend} onClick={() => sendAs('plan')}>
            {isBusy ? t('import.planning') : t('import.plan')}
          </Button>
          <Button disabledFocusable={cannotSend} onClick={() => sendAs('run')}>
            {isBusy ? t('import.sending') : t('import.send')}
          </Button>
          <Button onClick={() => setChosen(null)}>{t('import.forget')}</Button>
          <span className="hint">{t('import.sendHint')}</span>
        </div>
      )}
    </div>
  );
}

/** Where a file goes, below `/api` to run and below `/api/plans` to be planned. */
function placeOf(what: string, deployment: string): string {
  if (what === 'users') return '/imports/users';
  return what === 'content' ? `/imports/content?deployment=${encodeURIComponent(deployment)}` : `/bulk/${what}`;
}
