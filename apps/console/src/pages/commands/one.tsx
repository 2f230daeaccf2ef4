import { useMoment } from '../../moment/moment.js';
import { useWords } from '../../i18n/i18n.js';
import { useAddress } from '../../shell/address.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { PageLink } from '../../ui/page-link.js';
import { Waiting } from '../../ui/waiting.js';
import { BulkForm } from '../plans/bulk-form.js';
import { CommandForm } from './command-form.js';
import { PastNotice } from './past-notice.js';
import { useCommands } from './catalogue.js';

export function Page() {
  const t = useWords();
  const { isPast } = useMoment();
  const { search, params } = useAddress();
  const { command: path = '' } = params;
  const commands = useCommands();
  if (!commands) return <Waiting />;
  const command = commands.find((each) => each.path === path);
  if (!command)
    return (
      <div className="page">
        <PageHeader kind={t('command')} title={t('command.noneTitle')} />
        <EmptyState detail={t('command.noneDetail', { name: path })}>
          <PageLink to="/commands">{t('nav.commands')}</PageLink>
        </EmptyState>
      </div>
    );
  // The form begins anew where the address asks for something else.
  const isBulk = search['for'] !== undefined || search['users'] !== undefined;
  const asked = isBulk ? ['for', 'users'] : command.fields.map(({ name }) => name);
  const form = [path, ...asked.map((name) => `${name}=${search[name] ?? ''}`)].join('\n');
  return (
    <div className="page">
      <PageHeader
        kind={t('command')}
        title={t.named('command', command.name)}
        detail={
          <span>
            <code>{command.name}</code> · {t('command.takes', { role: t(`role.${command.role}`) })}
          </span>
        }
      />
      {isPast && <PastNotice />}
      {isBulk ? (
        <BulkForm key={form} form={form} command={command} isOff={isPast} />
      ) : (
        <CommandForm key={form} form={form} command={command} isOff={isPast} />
      )}
    </div>
  );
}
