import { DialogSurface } from '@fluentui/react-components';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useWho } from '../api/use-session.js';
import type { Deployment, Page, Pool, User } from '../api/types.js';
import { useAll, useView } from '../api/views.js';
import { useWords } from '../i18n/i18n.js';
import { useCommands } from '../pages/commands/catalogue.js';
import { type Search, useAddress } from '../shell/address.js';
import { placesFor } from '../shell/navigation.js';
import { Overlay } from '../shell/overlay.js';
import type { OverlayProps } from '../shell/overlay-part.js';
import { userPath } from '../ui/subject.js';
import { best } from './find.js';

interface Entry {
  readonly key: string;
  readonly group: string;
  readonly text: string;
  readonly detail?: string;
  readonly to: string;
  readonly search?: Search;
}

const perGroup = 6;

/** Ctrl+K: pages, commands, pools, deployments and users by a few letters. */
export function Palette({ isOpen, close }: OverlayProps) {
  const t = useWords();
  return (
    <Overlay isOpen={isOpen} close={close}>
      <DialogSurface className="palette" aria-label={t('palette.title')}>
        <Finder close={close} />
      </DialogSurface>
    </Overlay>
  );
}

function Finder({ close }: Pick<OverlayProps, 'close'>) {
  const t = useWords();
  const id = useId();
  const { go } = useAddress();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const entries = useEntries(typed);
  const current = Math.min(active, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    go(entry.to, entry.search);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: entries.length - 1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setActive((current + step) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(entries[current]);
    }
  };
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-label={t('palette.title')}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(current >= 0 && { 'aria-activedescendant': `${id}-${current}` })}
        placeholder={t('palette.placeholder')}
        value={typed}
        spellCheck={false}
        maxLength={200}
        onChange={({ target }) => {
          setTyped(target.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <ul id={`${id}-list`} ref={list} role="listbox" aria-label={t('palette.title')}>
        {entries.map((entry, index) => (
          <li
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => choose(entry)}
          >
            <span className="palette-group">{entry.group}</span>
            <span>{entry.text}</span>
            {entry.detail !== undefined && <small>{entry.detail}</small>}
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p className="hint">{t('list.nothingTitle')}</p>}
    </>
  );
}

function useEntries(typed: string): readonly Entry[] {
  const t = useWords();
  const { roles } = useWho();
  const q = useDeferredValue(typed.trim());
  const commands = useCommands();
  const pools = useAll<Pool>('/api/pools').data?.body.items;
  const deployments = useAll<Deployment>('/api/deployments').data?.body.items;
  const users = useView<Page<User>>('/api/users', { q, limit: String(perGroup) }, { enabled: q.length > 1 });
  const found = q.length > 1 ? users.data?.body.items : undefined;
  return useMemo(() => {
    const places = placesFor(roles).flatMap((group) => group.places);
    const entries: Entry[] = best(q, places, ({ name }) => t(name), q === '' ? 20 : perGroup).map(({ to, name }) => ({
      key: to,
      group: t('palette.page'),
      text: t(name),
      to,
    }));
    if (q === '') return entries;
    for (const { user, displayName } of found ?? [])
      entries.push({
        key: user,
        group: t('user'),
        text: displayName ?? user,
        detail: user.replace(/^sip:/, ''),
        to: userPath(user),
      });
    for (const { pool } of best(q, pools ?? [], (each) => each.pool, perGroup))
      entries.push({ key: `pool ${pool}`, group: t('field.pool'), text: pool, to: `/pools/${pool}` });
    for (const { deployment } of best(
      q,
      deployments ?? [],
      (each) => `${each.deployment} ${each.name ?? ''}`,
      perGroup,
    ))
      entries.push({
        key: `deployment ${deployment}`,
        group: t('field.deployment'),
        text: deployment,
        to: `/deployments/${deployment}`,
      });
    const mine = commands?.filter(({ role }) => roles.includes(role)) ?? [];
    for (const { name, path } of best(q, mine, (each) => `${t.named('command', each.name)} ${each.name}`, perGroup))
      entries.push({
        key: path,
        group: t('command'),
        text: t.named('command', name),
        detail: name,
        to: `/commands/${path}`,
      });
    return entries;
  }, [t, roles, q, commands, pools, deployments, found]);
}
