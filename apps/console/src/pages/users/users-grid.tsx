import { type ReactNode, useMemo } from 'react';
import type { User } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { yesOrNo } from '../../ui/signs.js';
import { useColumns } from '../../ui/columns.js';
import { type Column, DataGrid, type Selection } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { PageLink } from '../../ui/page-link.js';
import { parametersOf, readQualifiers } from '../../ui/qualifiers.js';
import { type PageAddress, userPath } from '../../ui/subject.js';
import { Waiting } from '../../ui/waiting.js';
import { userFilters } from './find-users.js';

const usual = ['name', 'pool', 'generation', 'policy', 'ready'];

interface UsersGridProps {
  /** The search text. */
  readonly find: string;
  readonly tools?: (total: number | undefined, picker: ReactNode) => ReactNode;
  readonly selection?: Selection;
}

/** Users that a search text finds, as many as there are. */
export function UsersGrid({ find, tools, selection }: UsersGridProps) {
  const t = useWords();
  const parameters = useMemo(() => parametersOf(readQualifiers(find, userFilters)), [find]);
  const list = usePages<User>('/api/users', parameters, { pageSize: 500 });
  const columns = useMemo(() => columnsIn(t), [t]);
  const { shown, picker } = useColumns(columns, usual);
  return (
    <>
      {tools?.(list.total, picker)}
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 ? (
        find === '' ? (
          <EmptyState title={t('users.noneTitle')} detail={t('users.noneDetail')}>
            <PageLink to="/import">{t('empty.import')}</PageLink>
          </EmptyState>
        ) : (
          <EmptyState title={t('list.nothingTitle')} detail={t('list.nothingDetail', { find })} />
        )
      ) : (
        list.total !== undefined && (
          <DataGrid
            label={t('nav.users')}
            columns={shown}
            rows={list.rows}
            keyOf={keyOf}
            total={list.total}
            to={addressOf}
            more={list.more}
            {...(selection && { selection })}
            foot={<ListFoot list={list} say={(count) => t('users.total', { count })} />}
          />
        )
      )}
    </>
  );
}

const keyOf = ({ user }: User): string => user;
const addressOf = ({ user }: User): PageAddress => ({ to: userPath(user) });

function columnsIn(t: Words): readonly Column<User>[] {
  return [
    {
      id: 'user',
      name: t('field.user'),
      width: 'minmax(13rem, 1.6fr)',
      narrow: true,
      cell: ({ user }) => user.replace(/^sip:/, ''),
    },
    {
      id: 'name',
      name: t('field.displayName'),
      width: 'minmax(9rem, 1.2fr)',
      cell: ({ displayName }) => displayName ?? '—',
    },
    {
      id: 'pool',
      name: t('field.home'),
      width: 'minmax(11rem, 1.3fr)',
      narrow: true,
      cell: ({ pool, retired }) => (retired ? t('users.retired') : (pool ?? t('users.noHome'))),
    },
    { id: 'site', name: t('field.site'), width: 'minmax(8rem, 1fr)', cell: ({ site }) => site ?? '—' },
    {
      id: 'generation',
      name: t('field.generation'),
      width: 'minmax(7rem, 0.8fr)',
      cell: ({ generation }) => (generation === null ? '—' : t.named('generation', generation)),
    },
    {
      id: 'policy',
      name: t('users.policy'),
      width: 'minmax(11rem, 1.2fr)',
      look: ({ effectivePolicy: { enabled } }) => yesOrNo(enabled),
      cell: ({ effectivePolicy: { policy } }) => policy,
    },
    { id: 'granted', name: t('users.granted'), width: 'minmax(8rem, 1fr)', cell: ({ granted }) => granted ?? '—' },
    {
      id: 'clients',
      name: t('users.clients'),
      width: 'minmax(10rem, 1fr)',
      cell: ({ clients }) => clients.map(({ client }) => t.named('client', client)).join(', ') || '—',
    },
    { id: 'guid', name: t('field.guid'), width: 'minmax(19rem, 1fr)', cell: ({ guid }) => guid ?? '—' },
    {
      id: 'ready',
      name: t('users.ready'),
      width: 'minmax(9rem, 1fr)',
      look: ({ ready }) => yesOrNo(ready),
      cell: ({ ready, notReady }) =>
        ready ? t('yes') : notReady.map((reason) => t(`notReady.${reason}.short`)).join(' · '),
    },
  ];
}
