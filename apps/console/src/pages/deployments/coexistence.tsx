import { clients, type Deployment } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import { YesNo } from '../../ui/signs.js';
import { PageLink } from '../../ui/page-link.js';
import { usersAddress } from '../../ui/subject.js';
import { coexistenceOf } from './coexistence-rules.js';

/** Which client reaches this deployment, under what, and how many do. */
export function Coexistence({ deployment }: { readonly deployment: Deployment }) {
  const t = useWords();
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t('coexistence.title')}>
      <table className="matrix">
        <caption className="sr-only">{t('coexistence.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('field.client')}</th>
            <th scope="col">{t('coexistence.reaches')}</th>
            <th scope="col">{t('coexistence.condition')}</th>
            <th scope="col">{t('coexistence.connected')}</th>
          </tr>
        </thead>
        <tbody>
          {clients.map((client) => {
            const { reaches, condition } = coexistenceOf(client, deployment);
            return (
              <tr key={client}>
                <th scope="row">{t.named('client', client)}</th>
                <td>
                  <YesNo value={reaches} />
                </td>
                <td>
                  {t(`coexistence.${condition}`, {
                    count: deployment.legacyEndpoints.length,
                    endpoints: deployment.legacyEndpoints.join(', '),
                  })}
                </td>
                <td>
                  {/* Of everybody with this client, wherever it is connected: the API filters users by client alone. */}
                  <PageLink {...usersAddress({ client })}>{t.count(deployment.clients[client])}</PageLink>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
