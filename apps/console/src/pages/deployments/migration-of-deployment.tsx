import { Badge } from '@fluentui/react-components';
import type { Finding, Migration } from '../../api/types.js';
import { usePages, useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { Facts } from '../../ui/facts.js';
import { Failure } from '../../ui/failure.js';
import { PageLink } from '../../ui/page-link.js';
import { writeQualifiers } from '../../ui/qualifiers.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { Waiting } from '../../ui/waiting.js';
import { migrationFacts } from '../migrations/migration-facts.js';

/** How far the migration of a deployment is, leading to its steps and to what was found about it. */
export function MigrationOfDeployment({ migration: id }: { readonly migration: string }) {
  const t = useWords();
  const { data, error, refetch } = useView<Migration>(`/api/migrations/${encodeURIComponent(id)}`);
  const subject = `migration:${id}`;
  const found = usePages<Finding>('/api/findings', { subject, status: 'open' }, { pageSize: 1 });
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!data) return <Waiting />;
  const { state, steps } = data.body;
  const next = steps.find(({ status }) => status === 'next');
  const open = writeQualifiers([
    { name: 'subject', value: subject, exclude: false },
    { name: 'status', value: 'open', exclude: false },
  ]);
  return (
    <Facts
      label={t('field.migration')}
      facts={[
        { name: t('field.migration'), value: <SubjectLink subject={subject} short /> },
        { name: t('migrations.state'), value: <Badge appearance="tint">{t.named('migrationState', state)}</Badge> },
        { name: t('migrations.next'), value: next ? t.named('step', next.step) : '—' },
        ...migrationFacts(t, data.body),
        {
          name: t('nav.findings'),
          value: found.error ? (
            <Failure error={found.error} again={found.again} />
          ) : (
            found.total !== undefined && (
              <PageLink to="/findings" search={{ find: open }}>
                {t('migrations.openFindings', { count: found.total })}
              </PageLink>
            )
          ),
        },
      ]}
    />
  );
}
