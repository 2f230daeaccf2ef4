import type { Role } from '../api/types.js';
import { useMay } from '../api/use-session.js';
import { useWords } from '../i18n/i18n.js';
import { useMoment } from '../moment/moment.js';

/** Why nothing can be done here: one looks at the past, or has neither this role nor one of the others. Undefined where it can. */
export function useWhyOff(role: Role, ...others: readonly Role[]): string | undefined {
  const t = useWords();
  const { isPast } = useMoment();
  const mayAct = useMay(role, ...others);
  if (isPast) return t('command.offInPast');
  return mayAct ? undefined : t('command.offForRole', { role: t(`role.${role}`) });
}
