import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { navigate, useLocationProperty } from 'wouter/use-browser-location';
import { type Address, CurrentPlace, type Place, readSearch, type Search, writeSearch } from './address.js';
import { pageAt } from './pages.js';

/** The browser's address, for all below. The page that was drawn stays, with its own address, until the files of the next have come. */
export function AddressProvider({ children }: { readonly children: ReactNode }) {
  const href = useLocationProperty(() => location.pathname + location.search);
  const asked = useMemo(() => foundAt(href), [href]);
  const ready = useDeferredValue(asked);
  const askedPath = asked.path;
  const shown = ready.path === askedPath ? asked : ready;
  const change = useMemo(() => changing(shown.path), [shown.path]);
  const place = useMemo(() => ({ ...shown, askedPath, change, go }), [shown, askedPath, change]);
  return <CurrentPlace value={place}>{children}</CurrentPlace>;
}

function foundAt(href: string): Omit<Place, 'askedPath' | 'change' | 'go'> {
  const [path = '', ...query] = href.split('?');
  const { page, params = {} } = pageAt(path) ?? {};
  return { path, search: readSearch(query.join('?')), params, page };
}

function changing(path: string): Address['change'] {
  return (changes, { replace = false } = {}) => {
    // Somebody has gone on meanwhile: what is still drawn changes nothing there.
    if (location.pathname === path) visit(path, { ...readSearch(location.search), ...changes }, replace);
  };
}

const go: Address['go'] = (to, wanted = {}) => visit(to, { asOf: readSearch(location.search)['asOf'], ...wanted });

/** An address that is there already is no new entry in the browser's history. */
function visit(path: string, search: Search, replace = false): void {
  const href = `${path}${writeSearch(search)}`;
  navigate(href, { replace: replace || href === location.pathname + location.search });
}
