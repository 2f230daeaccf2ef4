import { createContext, type MouseEvent, type ReactNode, use } from 'react';
import { readSearch, type Search, useAddress, writeSearch } from '../shell/address.js';

interface PageLinkProps {
  readonly to: string;
  readonly search?: Search;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
}

/** Whether the links here are stops of the Tab key: in a list only those of the row that the arrows have reached. */
export const AreTabStops = createContext(true);

/** The page's moment, which its links keep. */
export const LinkedMoment = createContext<string | undefined>(undefined);

/** A link to another page of the console, at the same moment: a plain element, for a page has dozens. The shell follows it. */
export function PageLink({ to, search, children, className = '', label }: PageLinkProps) {
  const href = `${to}${writeSearch({ asOf: use(LinkedMoment), ...search })}`;
  return (
    <a
      data-page
      href={href}
      className={`link ${className}`}
      {...(!use(AreTabStops) && { tabIndex: -1 })}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {children}
    </a>
  );
}

/** Goes where a link to a page leads, without loading the console anew; what a modifier asks for is the browser's. */
export function useFollow(): (event: MouseEvent) => void {
  const { go } = useAddress();
  return (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-page]');
    if (!link || event.defaultPrevented || isForBrowser(event)) return;
    event.preventDefault();
    go(link.pathname, readSearch(link.search));
  };
}

/** Another tab or window, a download: what somebody asks for with a modifier or another button. */
export function isForBrowser({ ctrlKey, metaKey, shiftKey, altKey, button }: MouseEvent): boolean {
  return ctrlKey || metaKey || shiftKey || altKey || button !== 0;
}
