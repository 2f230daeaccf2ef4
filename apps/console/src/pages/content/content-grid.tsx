import { Tab, TabList } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { AddIn, Category, Room } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { YesNo } from '../../ui/signs.js';
import { useColumns } from '../../ui/columns.js';
import { type Column, DataGrid } from '../../ui/data-grid.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { ListTools } from '../../ui/list-tools.js';
import { PageLink } from '../../ui/page-link.js';
import { parametersOf, readQualifiers } from '../../ui/qualifiers.js';
import { Waiting } from '../../ui/waiting.js';

const kinds = ['rooms', 'categories', 'add-ins'] as const;
type Kind = (typeof kinds)[number];

/** The rooms, categories or add-ins of one deployment. */
export function ContentGrid({ deployment }: { readonly deployment: string }) {
  const t = useWords();
  const { search, change } = useAddress();
  const show: Kind = kinds.find((kind) => kind === search['show']) ?? 'rooms';
  return (
    <>
      <TabList
        size="small"
        selectedValue={show}
        onTabSelect={(_, { value }) =>
          change({ show: String(value), find: undefined, columns: undefined }, { replace: true })
        }
      >
        {kinds.map((kind) => (
          <Tab key={kind} value={kind}>
            {t(`content.${kind}`)}
          </Tab>
        ))}
      </TabList>
      {show === 'rooms' && <Rooms key={deployment} deployment={deployment} />}
      {show === 'categories' && <Categories key={deployment} deployment={deployment} />}
      {show === 'add-ins' && <AddIns key={deployment} deployment={deployment} />}
    </>
  );
}

interface ListProps<T> {
  readonly deployment: string;
  readonly path: string;
  readonly kind: Kind;
  readonly columns: readonly Column<T>[];
  readonly usual: readonly string[];
  readonly keyOf: (row: T) => string;
  readonly filters: Readonly<Record<string, { readonly hint: string; readonly values: readonly string[] }>>;
}

function ContentList<T>({ deployment, path, kind, columns, usual, keyOf, filters }: ListProps<T>) {
  const t = useWords();
  const { search } = useAddress();
  const find = search['find'] ?? '';
  const list = usePages<T>(
    path,
    { ...parametersOf(readQualifiers(find, Object.keys(filters))), deployment },
    { pageSize: 500 },
  );
  const { shown, picker } = useColumns(columns, usual);
  return (
    <>
      <ListTools
        label={t(`content.${kind}`)}
        qualifiers={Object.entries(filters).map(([name, { hint, values }]) => ({ name, hint, values }))}
        picker={picker}
      />
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 && (
        <EmptyState
          title={find === '' ? t('content.noneTitle') : t('list.nothingTitle')}
          detail={find === '' ? t('content.noneDetail') : t('list.nothingDetail', { find })}
        />
      )}
      {list.total !== undefined && list.total > 0 && (
        <DataGrid
          label={t(`content.${kind}`)}
          columns={shown}
          rows={list.rows}
          keyOf={keyOf}
          total={list.total}
          more={list.more}
          foot={<ListFoot list={list} say={(count) => t(`content.${kind}.total`, { count })} />}
        />
      )}
    </>
  );
}

function Rooms({ deployment }: { readonly deployment: string }) {
  const t = useWords();
  const { data } = usePagesOfNames(deployment);
  const columns = useMemo(() => roomColumns(t, deployment), [t, deployment]);
  return (
    <ContentList<Room>
      deployment={deployment}
      path="/api/rooms"
      kind="rooms"
      columns={columns}
      usual={['category', 'type', 'privacy', 'addIn', 'excluded']}
      keyOf={({ room }) => room}
      filters={{
        category: { hint: t('filter.category'), values: data },
        excluded: { hint: t('filter.excluded'), values: ['true', 'false'] },
      }}
    />
  );
}

function usePagesOfNames(deployment: string): { readonly data: readonly string[] } {
  const { rows } = usePages<Category>('/api/categories', { deployment }, { pageSize: 500 });
  return { data: useMemo(() => rows.map(({ category }) => category), [rows]) };
}

function Categories({ deployment }: { readonly deployment: string }) {
  const t = useWords();
  const columns = useMemo(() => categoryColumns(t, deployment), [t, deployment]);
  return (
    <ContentList<Category>
      deployment={deployment}
      path="/api/categories"
      kind="categories"
      columns={columns}
      usual={['parent', 'invitations', 'fileUpload', 'chatHistory', 'rooms']}
      keyOf={({ category }) => category}
      filters={{}}
    />
  );
}

function AddIns({ deployment }: { readonly deployment: string }) {
  const t = useWords();
  const columns = useMemo(() => addInColumns(t), [t]);
  return (
    <ContentList<AddIn>
      deployment={deployment}
      path="/api/add-ins"
      kind="add-ins"
      columns={columns}
      usual={['url', 'rooms']}
      keyOf={({ addIn }) => addIn}
      filters={{}}
    />
  );
}

function carriedOver<
  T extends { readonly carriedOverFrom: { readonly deployment: string; readonly name: string } | null },
>(t: Words): Column<T> {
  return {
    id: 'carriedOverFrom',
    name: t('content.carriedOverFrom'),
    width: 'minmax(12rem, 1.2fr)',
    cell: ({ carriedOverFrom }) =>
      carriedOverFrom === null ? '—' : `${carriedOverFrom.name} (${carriedOverFrom.deployment})`,
  };
}

function roomColumns(t: Words, deployment: string): readonly Column<Room>[] {
  return [
    { id: 'room', name: t('field.room'), width: 'minmax(12rem, 1.8fr)', narrow: true, cell: ({ room }) => room },
    {
      id: 'category',
      name: t('field.category'),
      width: 'minmax(9rem, 1.2fr)',
      narrow: true,
      cell: ({ category }) => category,
    },
    { id: 'type', name: t('field.type'), width: 'minmax(7rem, 0.7fr)', cell: ({ type }) => t(`room.${type}`) },
    {
      id: 'privacy',
      name: t('field.privacy'),
      width: 'minmax(7rem, 0.7fr)',
      cell: ({ privacy }) => t(`room.${privacy}`),
    },
    { id: 'addIn', name: t('field.addIn'), width: 'minmax(8rem, 1fr)', cell: ({ addIn }) => addIn ?? '—' },
    {
      id: 'excluded',
      name: t('content.migrates'),
      width: 'minmax(11rem, 1fr)',
      cell: ({ excluded, room }) => (
        <>
          {excluded ? t('content.excluded') : t('content.included')}{' '}
          <PageLink
            className="inline"
            to={excluded ? '/commands/include-room' : '/commands/exclude-room'}
            search={{ deployment, room }}
          >
            {excluded ? t('content.include') : t('content.exclude')}
          </PageLink>
        </>
      ),
    },
    carriedOver(t),
  ];
}

function categoryColumns(t: Words, deployment: string): readonly Column<Category>[] {
  const flag = (value: boolean | null) => (value === null ? '—' : <YesNo value={value} />);
  return [
    {
      id: 'category',
      name: t('field.category'),
      width: 'minmax(12rem, 1.6fr)',
      narrow: true,
      cell: ({ category }) => category,
    },
    { id: 'parent', name: t('field.parent'), width: 'minmax(9rem, 1fr)', cell: ({ parent }) => parent ?? '—' },
    {
      id: 'invitations',
      name: t('field.invitations'),
      width: 'minmax(7rem, 0.7fr)',
      cell: ({ invitations }) => flag(invitations),
    },
    {
      id: 'fileUpload',
      name: t('field.fileUpload'),
      width: 'minmax(7rem, 0.7fr)',
      cell: ({ fileUpload }) => flag(fileUpload),
    },
    {
      id: 'chatHistory',
      name: t('field.chatHistory'),
      width: 'minmax(7rem, 0.7fr)',
      cell: ({ chatHistory }) => flag(chatHistory),
    },
    {
      id: 'rooms',
      name: t('counts.rooms'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      narrow: true,
      cell: ({ category, rooms }) => (
        <PageLink to="/content" search={{ deployment, show: 'rooms', find: `category:"${category}"` }}>
          {t.count(rooms)}
        </PageLink>
      ),
    },
    carriedOver(t),
  ];
}

function addInColumns(t: Words): readonly Column<AddIn>[] {
  return [
    { id: 'addIn', name: t('field.addIn'), width: 'minmax(10rem, 1fr)', narrow: true, cell: ({ addIn }) => addIn },
    { id: 'url', name: t('field.url'), width: 'minmax(14rem, 2fr)', narrow: true, cell: ({ url }) => url },
    {
      id: 'rooms',
      name: t('counts.rooms'),
      width: 'minmax(5rem, 0.5fr)',
      isNumber: true,
      cell: ({ rooms }) => t.count(rooms),
    },
    carriedOver(t),
  ];
}
