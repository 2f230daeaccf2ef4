import { Checkbox, Field, Input, Select, Textarea } from '@fluentui/react-components';
import { useId } from 'react';
import { useWords } from '../../i18n/i18n.js';
import type { Draft } from './body-of.js';
import type { CommandField } from './catalogue.js';
import { useSuggestions } from './suggestions.js';

interface CommandFieldInputProps {
  readonly field: CommandField;
  readonly draft: Draft;
  readonly change: (value: string) => void;
  readonly problem: string | undefined;
}

/** The input that fits a field of a command, with what there is to choose from. */
export function CommandFieldInput({ field, draft, change, problem }: CommandFieldInputProps) {
  const t = useWords();
  const { name, description, required } = field;
  return (
    <Field
      label={t.named('field', name)}
      hint={
        t.language === 'en'
          ? description
          : t.named('fieldHint', name) === name
            ? description
            : t.named('fieldHint', name)
      }
      required={required}
      {...(problem !== undefined && { validationMessage: problem })}
    >
      {field.kind === 'list' ? (
        <Choices field={field} value={draft[name] ?? ''} change={change} />
      ) : (
        <OneInput field={field} draft={draft} change={change} />
      )}
    </Field>
  );
}

function OneInput({ field, draft, change, ...fieldProps }: Omit<CommandFieldInputProps, 'problem'>) {
  const t = useWords();
  const { name, kind, choices, required, maxLength } = field;
  const list = useId();
  const value = draft[name] ?? '';
  const suggestions = useSuggestions(name, draft);
  if (kind === 'flag' || kind === 'choice')
    return (
      <Select {...fieldProps} name={name} value={value} required={required} onChange={(_, data) => change(data.value)}>
        <option value="">{t(required ? 'field.choose' : 'field.leave')}</option>
        {(kind === 'flag' ? ['true', 'false'] : choices).map((choice) => (
          <option key={choice} value={choice}>
            {kind === 'flag' ? t(choice === 'true' ? 'yes' : 'no') : choiceName(t, name, choice)}
          </option>
        ))}
      </Select>
    );
  if (kind === 'long')
    return (
      <Textarea
        {...fieldProps}
        name={name}
        value={value}
        required={required}
        maxLength={maxLength}
        rows={2}
        onChange={(_, data) => change(data.value)}
      />
    );
  if (kind === 'instant')
    return (
      <input
        {...fieldProps}
        className="native"
        type="datetime-local"
        step={1}
        name={name}
        value={value}
        onChange={({ target }) => change(target.value)}
      />
    );
  return (
    <>
      <Input
        {...fieldProps}
        name={name}
        value={value}
        required={required}
        maxLength={maxLength}
        inputMode={kind === 'count' ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        list={list}
        onChange={(_, data) => change(data.value)}
      />
      <datalist id={list}>
        {suggestions.map(({ value: each, label }) => (
          <option key={each} value={each} label={label ?? each} />
        ))}
      </datalist>
    </>
  );
}

function choiceName(t: ReturnType<typeof useWords>, field: string, choice: string): string {
  const family = { type: 'room', privacy: 'room' }[field] ?? field;
  return t.named(family, choice);
}

function Choices({
  field,
  value,
  change,
}: {
  readonly field: CommandField;
  readonly value: string;
  readonly change: (value: string) => void;
}) {
  const t = useWords();
  const chosen = value === '' ? [] : value.split(',');
  return (
    <div role="group" aria-label={t.named('field', field.name)}>
      {field.choices.map((choice) => (
        <Checkbox
          key={choice}
          label={t.named('role', choice)}
          // One of them is, which the group says.
          required={false}
          checked={chosen.includes(choice)}
          onChange={(_, { checked }) =>
            change(
              field.choices.filter((each) => (each === choice ? checked === true : chosen.includes(each))).join(','),
            )
          }
        />
      ))}
    </div>
  );
}
