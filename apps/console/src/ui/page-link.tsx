import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Search } from '../shell/address.js';

interface PageLinkProps {
  readonly to: string;
  readonly search?: Search;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
}

/** A link to another page of the console, at the same moment. */
export function PageLink({ to, search, children, className = '', label }: PageLinkProps) {
  return (
    <Link
      to={to}
      search={(before: Search) => ({ asOf: before['asOf'], ...search })}
      className={`link ${className}`}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {children}
    </Link>
  );
}
