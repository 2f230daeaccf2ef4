import { useMemo } from 'react';
import { useAll } from '../../api/views.js';
import { clients, generations, type Policy, type Pool, type Site } from '../../api/types.js';
import { useWords } from '../../i18n/i18n.js';
import type { Qualifier } from '../../ui/search-box.js';

export const userFilters = ['pool', 'site', 'generation', 'ready', 'enabled', 'policy', 'client', 'retired'] as const;

/** The filters of users, with the values that there are. */
export function useUserQualifiers(): readonly Qualifier[] {
  const t = useWords();
  const pools = useAll<Pool>('/api/pools').data?.body.items;
  const sites = useAll<Site>('/api/sites').data?.body.items;
  const policies = useAll<Policy>('/api/policies').data?.body.items;
  return useMemo(() => {
    const values: Readonly<Record<string, readonly string[]>> = {
      pool: pools?.map(({ pool }) => pool) ?? [],
      site: sites?.map(({ site }) => site) ?? [],
      policy: policies?.map(({ policy }) => policy) ?? [],
      generation: generations,
      client: clients,
    };
    return userFilters.map((name) => ({ name, hint: t(`filter.${name}`), values: values[name] ?? ['true', 'false'] }));
  }, [t, pools, sites, policies]);
}
