import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/headless/svg/dismiss';
import { SearchRegular } from '@fluentui/react-icons/headless/svg/search';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/i18n.js';
import { termAt } from './qualifiers.js';

export interface Qualifier {
  readonly name: string;
  readonly hint: string;
  /** The values to choose from, if they are known. */
  readonly values?: readonly string[];
  readonly negatable?: boolean;
}

interface SearchBoxProps {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly qualifiers: readonly Qualifier[];
  readonly placeholder: string;
  readonly label: string;
}

interface Suggestion {
  readonly insert: string;
  readonly hint: string;
}

const suggestionsMax = 12;
const settleMs = 350;

/** Qualifiers and free text in one box, with suggestions for both. */
export function SearchBox({ text, change, qualifiers, placeholder, label }: SearchBoxProps) {
  const t = useWords();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [draft, setDraft] = useState(text);
  const [cursor, setCursor] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  // Back and forward change the text from outside; what is being written keeps the space at its end.
  useEffect(() => setDraft((written) => (written.trim() === text ? written : text)), [text]);
  useEffect(() => () => clearTimeout(settle.current), []);
  // Before the next key: who types fast must not find the caret where it was.
  useLayoutEffect(() => {
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [draft]);

  const term = termAt(draft, cursor);
  const suggestions = isOpen ? suggestionsFor(term.text, qualifiers) : [];
  const commit = (value: string): void => {
    clearTimeout(settle.current);
    if (value !== text) change(value);
  };
  const write = (value: string, at: number): void => {
    setDraft(value);
    setCursor(at);
    setActive(-1);
    clearTimeout(settle.current);
    settle.current = setTimeout(() => commit(value.trim()), settleMs);
  };
  const take = ({ insert }: Suggestion): void => {
    const rest = draft.slice(cursor);
    const isWhole = !insert.endsWith(':');
    const value = `${draft.slice(0, term.start)}${insert}${isWhole ? ' ' : ''}${rest.trimStart()}`;
    const at = term.start + insert.length + (isWhole ? 1 : 0);
    write(value, at);
    caret.current = at;
  };
  const onKey = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (!isOpen) setOpen(true);
      else if (suggestions.length > 0)
        setActive((active + (key === 'ArrowDown' ? 1 : suggestions.length)) % suggestions.length);
      event.preventDefault();
    } else if ((key === 'Enter' || key === 'Tab') && active >= 0 && suggestions[active]) {
      event.preventDefault();
      take(suggestions[active]);
    } else if (key === 'Enter') {
      setOpen(false);
      commit(draft.trim());
    } else if (key === 'Escape' && isOpen) {
      event.preventDefault();
      setOpen(false);
    }
  };
  return (
    <div className="search-box">
      <SearchRegular aria-hidden />
      <input
        ref={input}
        data-search
        role="combobox"
        aria-label={label}
        aria-expanded={suggestions.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
        placeholder={placeholder}
        value={draft}
        spellCheck={false}
        autoComplete="off"
        maxLength={900}
        onChange={({ target }) => {
          setOpen(true);
          write(target.value, target.selectionStart ?? target.value.length);
        }}
        onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      {draft !== '' && (
        <Button
          appearance="transparent"
          size="small"
          icon={<DismissRegular />}
          aria-label={t('search.clear')}
          onClick={() => {
            setDraft('');
            commit('');
            input.current?.focus();
          }}
        />
      )}
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={t('search.suggestions')}
        className="suggestions"
        hidden={suggestions.length === 0}
      >
        {suggestions.map((suggestion, index) => (
          <li
            key={suggestion.insert}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(suggestion);
            }}
          >
            <code>{suggestion.insert}</code> <span>{suggestion.hint}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function suggestionsFor(term: string, qualifiers: readonly Qualifier[]): readonly Suggestion[] {
  const minus = term.startsWith('-') ? '-' : '';
  const body = term.slice(minus.length);
  const colon = body.indexOf(':');
  if (colon === -1)
    return qualifiers
      .filter(({ name, negatable }) => (minus === '' || negatable) && name.toLowerCase().startsWith(body.toLowerCase()))
      .map(({ name, hint }) => ({ insert: `${minus}${name}:`, hint }))
      .slice(0, suggestionsMax);
  const qualifier = qualifiers.find(({ name }) => name.toLowerCase() === body.slice(0, colon).toLowerCase());
  const begun = body
    .slice(colon + 1)
    .replaceAll('"', '')
    .toLowerCase();
  return (qualifier?.values ?? [])
    .filter((value) => value.toLowerCase().includes(begun) && value.toLowerCase() !== begun)
    .slice(0, suggestionsMax)
    .map((value) => ({
      insert: `${minus}${qualifier?.name}:${/\s/.test(value) ? `"${value}"` : value}`,
      hint: '',
    }));
}
