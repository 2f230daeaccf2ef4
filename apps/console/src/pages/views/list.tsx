import { Badge } from '@fluentui/react-components';
import type { Page as PageOf, Projection } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { Failure } from '../../ui/failure.js';
import { PageHeader } from '../../ui/page-header.js';
import { Waiting } from '../../ui/waiting.js';

const colors = { live: 'success', rebuilding: 'warning', failed: 'danger' } as const;

/** How far each read model has come. */
export function Page() {
  const t = useWords();
  const { data, error, refetch } = useView<PageOf<Projection>>('/api/projections', {}, { asOf: undefined });
  return (
    <div className="page">
      <PageHeader title={t('nav.views')} detail={t('views.detail')} position={data?.position} />
      {error && <Failure error={error} again={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={t('nav.views')}>
          <table className="plain-table">
            <caption className="sr-only">{t('nav.views')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('views.name')}</th>
                <th scope="col">{t('views.state')}</th>
                <th scope="col">{t('views.position')}</th>
                <th scope="col">{t('views.behind')}</th>
              </tr>
            </thead>
            <tbody>
              {data.body.items.map(({ projection, version, state, position, lagEvents, progress, failure }) => (
                <tr key={projection}>
                  <th scope="row">
                    {projection} <small>{`v${version}`}</small>
                  </th>
                  <td>
                    <Badge appearance="tint" color={colors[state]}>
                      {t(`views.${state}`)} {progress && t.percent(progress.done / Math.max(1, progress.total))}
                    </Badge>
                    {progress && progress.etaSeconds !== null && (
                      <div className="hint">{t('views.left', { span: t.span(progress.etaSeconds) })}</div>
                    )}
                    {failure !== null && (
                      <div className="hint">
                        {t('views.failedAt', { position: t.count(Number(failure.position)), type: failure.type })}{' '}
                        {failure.error}
                      </div>
                    )}
                  </td>
                  <td>{t.count(Number(position))}</td>
                  <td>{t('views.events', { count: lagEvents })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
