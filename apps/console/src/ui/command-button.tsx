import { Button, Tooltip } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Role } from '../api/types.js';
import { type Search, useAddress } from '../shell/address.js';
import { useWhyOff } from './why-off.js';

interface CommandButtonProps {
  /** Its name in addresses: `home-user`. */
  readonly command: string;
  readonly fields?: Search;
  readonly role?: Role;
  /** Why it would be refused as things stand; it can be asked all the same. */
  readonly why?: string | undefined;
  readonly isPrimary?: boolean;
  readonly children: ReactNode;
}

/** Leads to a command's form. Off, and saying why, where one looks at the past or lacks the role. */
export function CommandButton({
  command,
  fields = {},
  role = 'operator',
  why,
  isPrimary = false,
  children,
}: CommandButtonProps) {
  const { go } = useAddress();
  const off = useWhyOff(role);
  const button = (
    <Button
      appearance={isPrimary ? 'primary' : 'secondary'}
      disabledFocusable={off !== undefined}
      onClick={() => go(`/commands/${command}`, fields)}
    >
      {children}
    </Button>
  );
  const told = off ?? why;
  return told === undefined ? (
    button
  ) : (
    <Tooltip content={told} relationship="description">
      {button}
    </Tooltip>
  );
}
