import { useWho } from '../../api/use-session.js';
import { useMoment } from '../../moment/moment.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { SearchBox } from '../../ui/search-box.js';
import { Waiting } from '../../ui/waiting.js';
import { PastNotice } from './past-notice.js';
import { useCommands } from './catalogue.js';
import { groupOf, groups } from './groups.js';

/** Every command, by what it is about; those of other roles say so. */
export function Page() {
  const t = useWords();
  const { roles } = useWho();
  const { isPast } = useMoment();
  const { search, change } = useAddress();
  const commands = useCommands();
  const find = search['find'] ?? '';
  if (!commands) return <Waiting />;
  const found = commands.filter(({ name }) =>
    `${name} ${t.named('command', name)}`.toLowerCase().includes(find.toLowerCase()),
  );
  return (
    <div className="page">
      <PageHeader title={t('nav.commands')} detail={t('commands.detail')} />
      {isPast && <PastNotice />}
      <div className="tools">
        <SearchBox
          text={find}
          change={(text) => change({ find: text }, { replace: true })}
          qualifiers={[]}
          label={t('commands.search')}
          placeholder={t('commands.search')}
        />
      </div>
      {found.length === 0 && <EmptyState title={t('list.nothingTitle')} detail={t('list.nothingDetail', { find })} />}
      <div className="command-groups">
        {groups.map((group) => {
          const members = found.filter(({ name }) => groupOf(name) === group);
          return (
            members.length > 0 && (
              <section key={group} aria-label={t(`commands.${group}`)}>
                <h2>{t(`commands.${group}`)}</h2>
                <ul>
                  {members.map(({ name, path, role }) => (
                    <li key={name}>
                      <PageLink to={`/commands/${path}`}>{t.named('command', name)}</PageLink> <code>{name}</code>
                      {!roles.includes(role) && <small>{t('command.offForRole', { role: t(`role.${role}`) })}</small>}
                    </li>
                  ))}
                </ul>
              </section>
            )
          );
        })}
      </div>
    </div>
  );
}
