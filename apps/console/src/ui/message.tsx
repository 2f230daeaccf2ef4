import { CheckmarkCircleFilled } from '@fluentui/react-icons/headless/svg/checkmark-circle';
import { ErrorCircleFilled } from '@fluentui/react-icons/headless/svg/error-circle';
import { InfoFilled } from '@fluentui/react-icons/headless/svg/info';
import { WarningFilled } from '@fluentui/react-icons/headless/svg/warning';
import type { ReactNode } from 'react';

export type Intent = 'info' | 'success' | 'warning' | 'error';

interface MessageProps {
  readonly intent: Intent;
  readonly title?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
  readonly role?: 'alert' | 'status';
  readonly className?: string;
  readonly children?: ReactNode;
}

const signs: Readonly<Record<Intent, ReactNode>> = {
  info: <InfoFilled />,
  success: <CheckmarkCircleFilled />,
  warning: <WarningFilled />,
  error: <ErrorCircleFilled />,
};

/** What a page has to say, with the look of Fluent's message bar: plain elements, for what goes wrong is told by the first picture already. */
export function Message({ intent, title, actions, role, className = '', children }: MessageProps) {
  return (
    <div className={`message ${intent} ${className}`} {...(role && { role })}>
      {signs[intent]}
      <div>
        {title && <b>{title}</b>} {children}
      </div>
      {actions}
    </div>
  );
}
