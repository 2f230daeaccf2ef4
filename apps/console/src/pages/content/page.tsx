import { Field, Select } from '@fluentui/react-components';
import type { Deployment } from '../../api/types.js';
import { useAll } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { CommandButton } from '../../ui/command-button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { Waiting } from '../../ui/waiting.js';
import { ContentGrid } from './content-grid.js';

/** What a deployment holds: it belongs to exactly one, so one is chosen first. */
export function Page() {
  const t = useWords();
  const { search, change } = useAddress();
  const { data, error, refetch } = useAll<Deployment>('/api/deployments');
  if (error)
    return (
      <div className="page">
        <Failure error={error} again={() => void refetch()} />
      </div>
    );
  if (!data) return <Waiting />;
  const deployments = data.body.items;
  const chosen = search['deployment'] ?? deployments[0]?.deployment;
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.content')} detail={t('content.detail')}>
        {chosen !== undefined && (
          <>
            <CommandButton command="add-category" fields={{ deployment: chosen }}>
              {t('command.AddCategory')}
            </CommandButton>
            <CommandButton command="add-room" fields={{ deployment: chosen }}>
              {t('command.AddRoom')}
            </CommandButton>
          </>
        )}
      </PageHeader>
      {chosen === undefined ? (
        <EmptyState title={t('deployments.noneTitle')} detail={t('deployments.noneDetail')} />
      ) : (
        <>
          <Field label={t('field.deployment')} className="deployment-choice">
            <Select value={chosen} onChange={(_, { value }) => change({ deployment: value, find: undefined })}>
              {deployments.map(({ deployment, name }) => (
                <option key={deployment} value={deployment}>
                  {name === null ? deployment : `${name} (${deployment})`}
                </option>
              ))}
            </Select>
          </Field>
          <ContentGrid deployment={chosen} />
        </>
      )}
    </div>
  );
}
