import { Button } from '@fluentui/react-components';
import { useMemo } from 'react';
import type { Finding } from '../../api/types.js';
import { usePages } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { ListFoot } from '../../ui/list-foot.js';
import { PageHeader } from '../../ui/page-header.js';
import { parametersOf, readQualifiers } from '../../ui/qualifiers.js';
import { SearchBox } from '../../ui/search-box.js';
import { Waiting } from '../../ui/waiting.js';
import { FindingCard } from './finding-card.js';
import { gravestFirst } from './gravest-first.js';

const pageSize = 100;
const names = ['subject', 'severity', 'status'] as const;

export function Page() {
  const t = useWords();
  const { search, change } = useAddress();
  const find = search['find'] ?? 'status:open';
  const list = usePages<Finding>(
    '/api/findings',
    parametersOf(readQualifiers(find, names).filter(({ name }) => name !== '')),
    { pageSize },
  );
  const rows = useMemo(() => gravestFirst(list.rows, pageSize), [list.rows]);
  return (
    <div className="page">
      <PageHeader title={t('nav.findings')} detail={t('findings.detail')} position={list.position} />
      <div className="tools">
        <SearchBox
          text={find}
          change={(text) => change({ find: text === '' ? ' ' : text })}
          qualifiers={[
            { name: 'status', hint: t('findings.byStatus'), values: ['open', 'resolved', 'waived'] },
            { name: 'severity', hint: t('findings.bySeverity'), values: ['error', 'warning', 'info'] },
            { name: 'subject', hint: t('timeline.by.subject'), values: ['estate'] },
          ]}
          label={t('list.search', { list: t('nav.findings') })}
          placeholder={t('list.placeholder', { names: 'status: severity: subject:' })}
        />
      </div>
      {list.error && <Failure error={list.error} again={list.again} />}
      {list.isLoading && <Waiting />}
      {list.total === 0 && <EmptyState title={t('findings.noneTitle')} detail={t('findings.noneDetail')} />}
      <div className="gates">
        <ol>
          {rows.map((finding) => (
            <FindingCard key={`${finding.subject} ${finding.finding}`} finding={finding} />
          ))}
        </ol>
      </div>
      {list.hasMore && <Button onClick={list.more}>{t('findings.more')}</Button>}
      {list.total !== undefined && <ListFoot list={list} say={(count) => t('findings.total', { count })} />}
    </div>
  );
}
