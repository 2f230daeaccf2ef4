import type { ReactNode } from 'react';
import { useWords } from '../i18n/i18n.js';

interface PageHeaderProps {
  readonly title: string;
  /** Above the title: where this belongs. */
  readonly kind?: string;
  readonly detail?: ReactNode;
  readonly badges?: ReactNode;
  /** The position that the page's figures hold for. */
  readonly position?: string | null | undefined;
  readonly children?: ReactNode;
}

export function PageHeader({ title, kind, detail, badges, position, children }: PageHeaderProps) {
  const t = useWords();
  return (
    <header className="page-header">
      <title>{`${title} · Homeward`}</title>
      <div>
        {kind !== undefined && <div className="page-kind">{kind}</div>}
        <h1>
          {title} {badges}
        </h1>
        <div className="page-detail">
          {detail}
          {position && <AsOf position={position} />}
        </div>
      </div>
      {children && (
        <div className="actions" role="group" aria-label={t('actions')}>
          {children}
        </div>
      )}
    </header>
  );
}

/** One number for everybody: which event the figures are as of. */
export function AsOf({ position }: { readonly position: string }) {
  const t = useWords();
  return <span className="as-of">{t('asOfEvent', { position: t.count(Number(position)) })}</span>;
}
