import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** Where the page's own does not say it. */
  readonly title?: string;
  readonly detail: string;
  /** What leads on from here. */
  readonly children?: ReactNode;
}

export function EmptyState({ title, detail, children }: EmptyStateProps) {
  return (
    <div className="empty">
      {title !== undefined && <h2>{title}</h2>}
      <p>{detail}</p>
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
