import { useWords } from '../i18n/i18n.js';
import { PageLink } from './page-link.js';
import type { PageAddress } from './subject.js';

interface CountLinkProps extends PageAddress {
  readonly count: number;
}

/** A count that leads to the list of what it counts. */
export function CountLink({ count, ...address }: CountLinkProps) {
  const t = useWords();
  return <PageLink {...address}>{t.count(count)}</PageLink>;
}
