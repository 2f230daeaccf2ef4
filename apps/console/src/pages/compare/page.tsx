import { Badge, Button, Field, Input } from '@fluentui/react-components';
import { type SubmitEvent, useState } from 'react';
import { useLive } from '../../api/live.js';
import type { DiffItem } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useMoment } from '../../moment/moment.js';
import { useAddress } from '../../shell/address.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { PageHeader } from '../../ui/page-header.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { VirtualList } from '../../ui/virtual-list.js';
import { Waiting } from '../../ui/waiting.js';
import { FieldChange } from '../timeline/changes.js';
import { momentOf } from './moment-text.js';

/** What differs between two moments: recorded facts, subject by subject. */
export function Page() {
  const t = useWords();
  const { search } = useAddress();
  const [from, to] = [momentOf(search['from'] ?? '', 'from'), momentOf(search['to'] ?? '', 'to')];
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.compare')} detail={t('compare.detail')} />
      <Moments key={`${search['from']} ${search['to']}`} />
      {from !== undefined && to !== undefined ? (
        <Differences from={from} to={to} />
      ) : (
        <EmptyState title={t('compare.noneTitle')} detail={t('compare.noneDetail')} />
      )}
    </div>
  );
}

const sides = ['from', 'to'] as const;

/** What stands in the address and names no moment. */
const isWrong = (text: string | undefined, side: 'from' | 'to'): boolean =>
  text !== undefined && momentOf(text, side) === undefined;

function Moments() {
  const t = useWords();
  const { search, change } = useAddress();
  const { asOf } = useMoment();
  const { position } = useLive();
  const [from, setFrom] = useState(search['from'] ?? '');
  const [to, setTo] = useState(search['to'] ?? asOf ?? (position === null ? '' : `@${position}`));
  const [problem, setProblem] = useState(sides.find((side) => isWrong(search[side], side)));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const [first, last] = [momentOf(from, 'from'), momentOf(to, 'to')];
    setProblem(first === undefined ? 'from' : last === undefined ? 'to' : undefined);
    if (first !== undefined && last !== undefined) change({ from: first, to: last });
  };
  return (
    <form className="tools compare-form" onSubmit={submit}>
      <Field
        label={t('compare.from')}
        hint={t('compare.hint')}
        {...(problem === 'from' && { validationMessage: t('compare.wrong') })}
      >
        <Input value={from} placeholder="@950" onChange={(_, { value }) => setFrom(value)} data-search />
      </Field>
      <Field label={t('compare.to')} {...(problem === 'to' && { validationMessage: t('compare.wrong') })}>
        <Input value={to} placeholder="2026-11-23 12:00" onChange={(_, { value }) => setTo(value)} />
      </Field>
      <Button type="submit" appearance="primary">
        {t('compare.go')}
      </Button>
    </form>
  );
}

const signs = { added: 'success', changed: 'informative', removed: 'danger' } as const;

function Differences({ from, to }: { readonly from: string; readonly to: string }) {
  const t = useWords();
  // The diff has moments of its own.
  const list = usePages<DiffItem>('/api/diff', { from, to }, { asOf: undefined, pageSize: 200 });
  if (list.error) return <Failure error={list.error} again={list.again} />;
  if (list.isLoading) return <Waiting />;
  if (list.total === 0) return <EmptyState title={t('compare.sameTitle')} detail={t('compare.sameDetail')} />;
  return (
    <VirtualList
      list={list}
      label={t('nav.compare')}
      estimatedPx={72}
      keyOf={({ subject }) => subject}
      frame={{ tabIndex: 0, role: 'region' }}
      foot={<ListFoot list={list} say={(count) => t('compare.total', { count })} />}
    >
      {({ subject, change, fields }) => (
        <article className="diff-row" aria-label={subject}>
          <Badge appearance="tint" color={signs[change]}>
            {t(`compare.${change}`)}
          </Badge>{' '}
          <SubjectLink subject={subject} />
          <ul className="before-after">
            {fields.map(({ field, before, after }) => (
              <li key={field}>
                <FieldChange field={field} before={before} after={after} />
              </li>
            ))}
          </ul>
        </article>
      )}
    </VirtualList>
  );
}
