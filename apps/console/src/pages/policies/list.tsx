import { useMemo } from 'react';
import type { Policy } from '../../api/types.js';
import { useWords, type Words } from '../../i18n/i18n.js';
import { YesNo } from '../../ui/signs.js';
import { CommandButton } from '../../ui/command-button.js';
import { CommandLink } from '../../ui/command-link.js';
import { CountLink } from '../../ui/count-link.js';
import type { Column } from '../../ui/data-grid.js';
import { PageHeader } from '../../ui/page-header.js';
import { ShortList } from '../../ui/short-list.js';
import { usersAddress } from '../../ui/subject.js';

const usual = ['scope', 'enabled', 'granted', 'effectiveFor', 'act'];

export function Page() {
  const t = useWords();
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <div className="page list-page">
      <PageHeader title={t('nav.policies')} detail={t('policies.detail')}>
        <CommandButton command="create-policy">{t('command.CreatePolicy')}</CommandButton>
      </PageHeader>
      <ShortList<Policy>
        path="/api/policies"
        label={t('nav.policies')}
        columns={columns}
        usual={usual}
        keyOf={({ policy }) => policy}
        to={({ policy }) => usersAddress({ policy })}
        valuesOf={({ policy, enabled }) => ({ policy, scope: scopeOf(policy), enabled: String(enabled) })}
        hints={{ scope: t('filter.scope'), enabled: t('filter.enabledPolicy') }}
        say={(count) => t('policies.total', { count })}
        empty={null}
      />
    </div>
  );
}

function scopeOf(policy: string): 'global' | 'site' | 'tag' {
  return policy.startsWith('site:') ? 'site' : policy.startsWith('tag:') ? 'tag' : 'global';
}

function columnsIn(t: Words): readonly Column<Policy>[] {
  return [
    {
      id: 'policy',
      name: t('field.policy'),
      width: 'minmax(10rem, 1.4fr)',
      narrow: true,
      cell: ({ policy }) => policy,
    },
    {
      id: 'scope',
      name: t('policies.scope'),
      width: 'minmax(8rem, 1fr)',
      cell: ({ policy }) => t(`policies.scope.${scopeOf(policy)}`),
    },
    {
      id: 'enabled',
      name: t('policies.says'),
      width: 'minmax(8rem, 0.8fr)',
      narrow: true,
      cell: ({ enabled }) => <YesNo value={enabled} yes={t('policy.enabled')} no={t('policy.disabled')} />,
    },
    {
      id: 'granted',
      name: t('policies.granted'),
      width: 'minmax(6rem, 0.6fr)',
      isNumber: true,
      // A granted policy is the effective one, so that these are the same people.
      cell: ({ policy, granted }) =>
        scopeOf(policy) === 'tag' ? <CountLink count={granted} {...usersAddress({ policy })} /> : '—',
    },
    {
      id: 'effectiveFor',
      name: t('policies.effectiveFor'),
      width: 'minmax(8rem, 0.8fr)',
      isNumber: true,
      cell: ({ policy, effectiveFor }) => <CountLink count={effectiveFor} {...usersAddress({ policy })} />,
    },
    {
      id: 'act',
      name: t('policies.change'),
      width: 'minmax(9rem, 0.9fr)',
      cell: ({ policy, enabled }) => (
        <CommandLink command={enabled ? 'disable-policy' : 'enable-policy'} fields={{ policy }}>
          {t(enabled ? 'policies.disable' : 'policies.enable')}
        </CommandLink>
      ),
    },
  ];
}
