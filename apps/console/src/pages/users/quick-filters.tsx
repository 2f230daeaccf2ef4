import { ToggleButton } from '@fluentui/react-components';
import { useWords } from '../../i18n/i18n.js';
import { readQualifiers, withTerm } from '../../ui/qualifiers.js';
import { userFilters } from './find-users.js';

const quick = [
  ['ready', 'false'],
  ['enabled', 'false'],
  ['retired', 'true'],
] as const;

/** What is asked for most, one click away. */
export function QuickFilters({ find, change }: { readonly find: string; readonly change: (text: string) => void }) {
  const t = useWords();
  const terms = readQualifiers(find, userFilters);
  return (
    <span className="quick" role="group" aria-label={t('users.quick')}>
      {quick.map(([name, value]) => {
        const isOn = terms.some((term) => term.name === name && term.value === value);
        return (
          <ToggleButton
            key={name}
            size="small"
            shape="circular"
            checked={isOn}
            onClick={() => change(withTerm(find, userFilters, name, isOn ? undefined : value))}
          >
            {t(`users.quick.${name}`)}
          </ToggleButton>
        );
      })}
    </span>
  );
}
