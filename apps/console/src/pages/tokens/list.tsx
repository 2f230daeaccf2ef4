import { useMemo } from 'react';
import type { Token } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { CommandButton } from '../../ui/command-button.js';
import { CommandLink } from '../../ui/command-link.js';
import type { Column } from '../../ui/data-grid.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';

const usual = ['roles', 'issuedAt', 'issuedBy', 'expiresAt', 'state'];

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.tokens')} detail={t('tokens.detail')}>
        <CommandButton command="issue-token" role="admin">
          {t('command.IssueToken')}
        </CommandButton>
      </PageHeader>
      <ShortList<Token>
        path="/api/tokens"
        label={t('nav.tokens')}
        columns={columns}
        usual={usual}
        keyOf={({ token }) => token}
        valuesOf={({ token, name, roles }) => ({ token, name, role: roles.join(' ') })}
        hints={{}}
        say={(count) => t('tokens.total', { count })}
        empty={null}
      />
    </div>
  );
}

function columnsIn(t: Words): readonly Column<Token>[] {
  return [
    { id: 'name', name: t('field.name'), width: 'minmax(8rem, 0.8fr)', narrow: true, cell: ({ name }) => name },
    { id: 'token', name: t('field.token'), width: 'minmax(12rem, 1fr)', cell: ({ token }) => <code>{token}</code> },
    {
      id: 'roles',
      name: t('field.roles'),
      width: 'minmax(19rem, 2.6fr)',
      cell: ({ roles }) => roles.map((role) => t(`role.${role}`)).join(', '),
    },
    {
      id: 'issuedAt',
      name: t('tokens.issuedAt'),
      width: 'minmax(12.5rem, 1fr)',
      cell: ({ issuedAt }) => t.time(issuedAt),
    },
    { id: 'issuedBy', name: t('tokens.issuedBy'), width: 'minmax(7rem, 0.7fr)', cell: ({ issuedBy }) => issuedBy.name },
    {
      id: 'expiresAt',
      name: t('field.expiresAt'),
      width: 'minmax(11rem, 1fr)',
      cell: ({ expiresAt }) => (expiresAt === null ? t('tokens.never') : t.time(expiresAt)),
    },
    {
      id: 'state',
      name: t('policies.change'),
      width: 'minmax(9rem, 0.8fr)',
      narrow: true,
      cell: ({ token, revokedAt }) =>
        revokedAt === null ? (
          <CommandLink command="revoke-token" fields={{ token }}>
            {t('tokens.revoke')}
          </CommandLink>
        ) : (
          t('tokens.revoked', { at: t.day(revokedAt) })
        ),
    },
  ];
}
