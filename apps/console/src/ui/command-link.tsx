import type { ReactNode } from 'react';
import { useWords } from '../i18n/i18n.js';
import { useMoment } from '../moment/moment.js';
import type { Search } from '../shell/address.js';
import { PageLink } from './page-link.js';

interface CommandLinkProps {
  /** Its name in addresses: `home-user`. */
  readonly command: string;
  readonly fields: Search;
  readonly children: ReactNode;
}

/** Leads from a row to a command's form. Where one looks at the past it leads nowhere, and says why. */
export function CommandLink({ command, fields, children }: CommandLinkProps) {
  const t = useWords();
  const { isPast } = useMoment();
  return isPast ? (
    <span className="off" title={t('command.offInPast')}>
      {children}
    </span>
  ) : (
    <PageLink to={`/commands/${command}`} search={fields}>
      {children}
    </PageLink>
  );
}
