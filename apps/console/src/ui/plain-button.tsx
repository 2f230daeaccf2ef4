import type { ComponentPropsWithoutRef, ReactNode } from 'react';

interface PlainButtonProps extends Omit<ComponentPropsWithoutRef<'button'>, 'disabled'> {
  readonly appearance?: 'secondary' | 'subtle' | 'primary';
  readonly size?: 'medium' | 'small';
  readonly icon?: ReactNode;
  /** It does nothing, and keeps its place in the order of the Tab key, so that the reason can be heard. */
  readonly isOff?: boolean;
}

/** With the look of Fluent's button, as a plain element: for what the first picture shows, which is drawn before Fluent's components are there. */
export function PlainButton({
  appearance = 'secondary',
  size = 'medium',
  icon,
  isOff = false,
  className = '',
  onClick,
  children,
  ...others
}: PlainButtonProps) {
  const isIconOnly = icon !== undefined && children === undefined;
  return (
    <button
      type="button"
      {...others}
      className={`plain-button ${appearance} ${size} ${isIconOnly ? 'icon-only' : ''} ${className}`}
      {...(isOff ? { 'aria-disabled': true } : { onClick })}
    >
      {icon}
      {children}
    </button>
  );
}
