import { Button, Tab, TabList } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons/headless/svg/copy';
import { useRef, useState } from 'react';
import { useWords } from '../../i18n/i18n.js';
import { asCurl, asPowerShell } from './as-script.js';

const forms = { curl: asCurl, powershell: asPowerShell };

/** What the console would send, for a terminal. */
export function ScriptBox({ path, body }: { readonly path: string; readonly body: unknown }) {
  const t = useWords();
  const [form, setForm] = useState<keyof typeof forms>('curl');
  const [said, setSaid] = useState('');
  const place = useRef<HTMLPreElement>(null);
  const text = forms[form]({ origin: location.origin, path, body });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t('script.copied'));
    } catch {
      // Over plain HTTP a browser hands out no clipboard: the text is marked for the keyboard.
      if (place.current) getSelection()?.selectAllChildren(place.current);
      setSaid(t('script.marked'));
    }
  };
  return (
    <details className="script">
      <summary>{t('script.title')}</summary>
      <div className="tools">
        <TabList size="small" selectedValue={form} onTabSelect={(_, { value }) => setForm(value as keyof typeof forms)}>
          <Tab value="curl">{'curl'}</Tab>
          <Tab value="powershell">{'PowerShell'}</Tab>
        </TabList>
        <Button size="small" icon={<CopyRegular />} onClick={() => void copy()}>
          {t('script.copy')}
        </Button>
        <span role="status">{said}</span>
      </div>
      <pre ref={place} tabIndex={0}>
        {text}
      </pre>
    </details>
  );
}
