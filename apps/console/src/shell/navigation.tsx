import { AppsListRegular } from '@fluentui/react-icons/headless/svg/apps-list';
import { ArrowSwapRegular } from '@fluentui/react-icons/headless/svg/arrow-swap';
import { ArrowSyncRegular } from '@fluentui/react-icons/headless/svg/arrow-sync';
import { BranchCompareRegular } from '@fluentui/react-icons/headless/svg/branch-compare';
import { BuildingRegular } from '@fluentui/react-icons/headless/svg/building';
import { ChatMultipleRegular } from '@fluentui/react-icons/headless/svg/chat-multiple';
import { ClipboardTaskRegular } from '@fluentui/react-icons/headless/svg/clipboard-task';
import { CommentMultipleRegular } from '@fluentui/react-icons/headless/svg/comment-multiple';
import { DatabaseRegular } from '@fluentui/react-icons/headless/svg/database';
import { DocumentArrowUpRegular } from '@fluentui/react-icons/headless/svg/document-arrow-up';
import { FlagRegular } from '@fluentui/react-icons/headless/svg/flag';
import { HistoryRegular } from '@fluentui/react-icons/headless/svg/history';
import { HomeRegular } from '@fluentui/react-icons/headless/svg/home';
import { KeyRegular } from '@fluentui/react-icons/headless/svg/key';
import { PeopleRegular } from '@fluentui/react-icons/headless/svg/people';
import { ServerRegular } from '@fluentui/react-icons/headless/svg/server';
import { ShieldTaskRegular } from '@fluentui/react-icons/headless/svg/shield-task';
import type { ReactNode } from 'react';
import { useWho } from '../api/use-session.js';
import type { Role } from '../api/types.js';
import { type Key, useWords } from '../i18n/i18n.js';
import { usePlace, writeSearch } from './address.js';

interface Place {
  readonly to: string;
  readonly name: Key;
  readonly icon: ReactNode;
  /** Whoever has one of them; everybody where absent. */
  readonly roles?: readonly Role[];
}

interface Group {
  readonly name: Key;
  readonly places: readonly Place[];
}

const readers: readonly Role[] = ['operator', 'approver', 'auditor'];

export const navigation: readonly Group[] = [
  {
    name: 'nav.estate',
    places: [
      { to: '/', name: 'nav.overview', icon: <HomeRegular /> },
      { to: '/deployments', name: 'nav.deployments', icon: <ChatMultipleRegular /> },
      { to: '/pools', name: 'nav.pools', icon: <ServerRegular /> },
      { to: '/users', name: 'nav.users', icon: <PeopleRegular /> },
      { to: '/policies', name: 'nav.policies', icon: <ShieldTaskRegular /> },
      { to: '/content', name: 'nav.content', icon: <CommentMultipleRegular /> },
      { to: '/sites', name: 'nav.sites', icon: <BuildingRegular /> },
      { to: '/migrations', name: 'nav.migrations', icon: <ArrowSwapRegular /> },
      { to: '/findings', name: 'nav.findings', icon: <FlagRegular /> },
    ],
  },
  {
    name: 'nav.history',
    places: [
      { to: '/timeline', name: 'nav.timeline', icon: <HistoryRegular />, roles: readers },
      { to: '/compare', name: 'nav.compare', icon: <BranchCompareRegular /> },
    ],
  },
  {
    name: 'nav.work',
    places: [
      { to: '/commands', name: 'nav.commands', icon: <AppsListRegular />, roles: ['operator', 'approver', 'admin'] },
      { to: '/import', name: 'nav.import', icon: <DocumentArrowUpRegular />, roles: ['operator'] },
      { to: '/plans', name: 'nav.plans', icon: <ClipboardTaskRegular /> },
      { to: '/runs', name: 'nav.runs', icon: <ArrowSyncRegular /> },
    ],
  },
  {
    name: 'nav.system',
    places: [
      { to: '/tokens', name: 'nav.tokens', icon: <KeyRegular />, roles: ['admin'] },
      { to: '/views', name: 'nav.views', icon: <DatabaseRegular /> },
    ],
  },
];

/** The place that a path belongs to. */
export function placeAt(path: string): Place | undefined {
  const [, first = ''] = path.split('/', 2);
  return navigation.flatMap(({ places }) => places).find(({ to }) => to === `/${first}`);
}

/** The places that somebody with these roles can go to. */
export function placesFor(roles: readonly Role[]): readonly Group[] {
  return navigation.map(({ name, places }) => ({
    name,
    places: places.filter((place) => !place.roles || place.roles.some((role) => roles.includes(role))),
  }));
}

export function Navigation({ isOpen }: { readonly isOpen: boolean }) {
  const t = useWords();
  const { roles } = useWho();
  const { askedPath, search } = usePlace();
  const current = placeAt(askedPath);
  const asOf = search['asOf'];
  return (
    <nav id="navigation" className={isOpen ? 'navigation open' : 'navigation'} aria-label={t('nav.label')}>
      {placesFor(roles).map(
        ({ name, places }) =>
          places.length > 0 && (
            <section key={name} aria-label={t(name)}>
              <h2>{t(name)}</h2>
              <ul>
                {places.map((place) => (
                  <li key={place.to}>
                    <a
                      data-page
                      href={`${place.to}${writeSearch({ asOf })}`}
                      {...(place === current && { 'aria-current': 'page' })}
                    >
                      {place.icon}
                      {t(place.name)}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </nav>
  );
}
