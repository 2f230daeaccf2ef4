import { Field, Input } from '@fluentui/react-components';
import { useWords } from '../../i18n/i18n.js';
import type { Draft } from './body-of.js';

const grave: Readonly<Record<string, string>> = {
  DecommissionPool: 'pool',
  DecommissionDeployment: 'deployment',
  RetireUser: 'user',
  RemovePolicy: 'policy',
};

/** The name that is typed before what cannot be taken back. */
export function namedThing(command: string, draft: Draft): string | undefined {
  const field = grave[command];
  return field === undefined ? undefined : (draft[field] ?? '').trim();
}

interface ConfirmNameProps {
  readonly name: string;
  readonly written: string;
  readonly write: (text: string) => void;
}

export function ConfirmName({ name, written, write }: ConfirmNameProps) {
  const t = useWords();
  return (
    <Field label={t('command.typeName', { name })} hint={t('command.typeNameHint')}>
      <Input value={written} onChange={(_, { value }) => write(value)} autoComplete="off" spellCheck={false} />
    </Field>
  );
}
