import { Spinner } from '@fluentui/react-components';
import { useWords } from '../i18n/i18n.js';

export function Waiting() {
  const t = useWords();
  return <Spinner className="waiting" size="small" label={t('loading')} />;
}
