import type { Generation, Status, UserCounts } from '../api/types.js';
import type { Words } from '../i18n/i18n.js';
import { StatusBadge } from './badges.js';
import { CountLink } from './count-link.js';
import type { Column } from './data-grid.js';
import { openGates } from './open-gates.js';
import { PageLink } from './page-link.js';
import { GenerationName } from './signs.js';
import { usersAddress } from './subject.js';

interface EstateRow {
  readonly generation: Generation;
  readonly site: string;
  readonly status: Status;
  readonly users: UserCounts;
  readonly openGates: readonly string[];
}

interface EstateColumns<T> {
  /** The pool whose users are counted. */
  readonly poolOf: (row: T) => string;
  readonly pathOf: (row: T) => string;
  /** How many gates a legacy one has. */
  readonly gates: number;
}

/** The columns that pools and deployments have in common, by their ids. */
export function estateColumns<T extends EstateRow>(t: Words, { poolOf, pathOf, gates }: EstateColumns<T>) {
  const users = (id: keyof UserCounts, filters: Readonly<Record<string, string>>): Column<T> => ({
    id,
    name: t(`counts.${id}`),
    width: 'minmax(5.5rem, 0.6fr)',
    isNumber: true,
    cell: (row) => <CountLink count={row.users[id]} {...usersAddress({ pool: poolOf(row), ...filters })} />,
  });
  return {
    generation: {
      id: 'generation',
      name: t('field.generation'),
      width: 'minmax(7rem, 0.9fr)',
      cell: ({ generation }: T) => <GenerationName generation={generation} />,
    },
    site: { id: 'site', name: t('field.site'), width: 'minmax(8rem, 1fr)', cell: ({ site }: T) => site },
    status: {
      id: 'status',
      name: t('field.status'),
      width: '10rem',
      narrow: true,
      cell: ({ status }: T) => <StatusBadge status={status} />,
    },
    homed: users('homed', {}),
    enabled: users('enabled', { enabled: 'true' }),
    ready: users('ready', { ready: 'true' }),
    gates: {
      id: 'gates',
      name: t('counts.gates'),
      width: 'minmax(7.5rem, 0.7fr)',
      cell: (row: T) =>
        row.generation === 'lync-2013' ? (
          '—'
        ) : (
          <PageLink to={pathOf(row)} search={{ tab: 'gates' }}>
            {openGates(t, row, gates)}
          </PageLink>
        ),
    },
  };
}
