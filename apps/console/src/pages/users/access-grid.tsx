import { useState } from 'react';
import { type Client, clients, type User, type UserAccess } from '../../api/types.js';
import { useView } from '../../api/views.js';
import { useWords } from '../../i18n/i18n.js';
import { YesNo } from '../../ui/signs.js';
import { Failure, Refusals } from '../../ui/failure.js';
import { SubjectLink } from '../../ui/subject-link.js';
import { Waiting } from '../../ui/waiting.js';

/** Every client × every deployment: reached or not, and every rule that says no. */
export function AccessGrid({ user }: { readonly user: User }) {
  const t = useWords();
  const { data, error } = useView<UserAccess>(
    `/api/users/${encodeURIComponent(user.user.replace(/^sip:/, ''))}/access`,
  );
  const [open, setOpen] = useState<string>();
  if (error) return <Failure error={error} />;
  if (!data) return <Waiting />;
  const { access } = data.body;
  const deployments = [...new Set(access.map(({ deployment }) => deployment))];
  const cell = (client: Client, deployment: string) =>
    access.find((each) => each.client === client && each.deployment === deployment);
  const connected = (client: Client, deployment: string) =>
    user.clients.find((each) => each.client === client && each.deployment === deployment);
  const shown = access.find((each) => `${each.client} ${each.deployment}` === open);
  return (
    <section aria-label={t('user.access')}>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('user.access')}>
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">{t('field.deployment')}</th>
              {clients.map((client) => (
                <th key={client} scope="col">
                  {t.named('client', client)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {deployments.map((deployment) => (
              <tr key={deployment}>
                <th scope="row">
                  <SubjectLink subject={`deployment:${deployment}`} short />
                </th>
                {clients.map((client) => {
                  const each = cell(client, deployment);
                  const connection = connected(client, deployment);
                  const key = `${client} ${deployment}`;
                  return (
                    <td key={client}>
                      {each && (
                        <button
                          type="button"
                          className="matrix-cell"
                          aria-expanded={open === key}
                          disabled={each.reachable}
                          onClick={() => setOpen(open === key ? undefined : key)}
                        >
                          <YesNo
                            value={each.reachable}
                            yes={t('access.reaches')}
                            no={t('access.rules', { count: each.refusals.length })}
                          />
                        </button>
                      )}
                      {connection && (
                        <small title={t.utc(connection.since)}>
                          {t('access.connected', { at: t.day(connection.since) })}
                        </small>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown && (
        <div className="matrix-detail" role="status">
          <b>
            {t.named('client', shown.client)} → {shown.deployment}
          </b>
          <Refusals refusals={shown.refusals} />
        </div>
      )}
    </section>
  );
}
