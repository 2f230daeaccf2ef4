import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly detail: string;
  /** What leads on from here. */
  readonly children?: ReactNode;
}

export function EmptyState({ title, detail, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{detail}</p>
      {children && <div className="actions">{children}</div>}
    </div>
  );
}
