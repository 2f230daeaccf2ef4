import { Link } from '@tanstack/react-router';
import { createContext, type ReactNode, use } from 'react';
import type { Search } from '../shell/address.js';

interface PageLinkProps {
  readonly to: string;
  readonly search?: Search;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
}

/** Whether the links here are stops of the Tab key: in a list only those of the row that the arrows have reached. */
export const AreTabStops = createContext(true);

/** A link to another page of the console, at the same moment. */
export function PageLink({ to, search, children, className = '', label }: PageLinkProps) {
  return (
    <Link
      to={to}
      search={(before: Search) => ({ asOf: before['asOf'], ...search })}
      className={`link ${className}`}
      {...(!use(AreTabStops) && { tabIndex: -1 })}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {children}
    </Link>
  );
}
