import { Dialog, useFocusFinders } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { OverlayProps } from './overlay-part.js';

/** A dialog that is gone at once when it is closed: the next key is the page's. */
export function Overlay({ isOpen, close, children }: OverlayProps & { readonly children: ReactElement }) {
  // Fluent's keeper of the focus ends with its last user, and what it had hidden from screen readers stays hidden then: this one stays.
  useFocusFinders();
  return (
    isOpen && (
      <Dialog open onOpenChange={(_, { open }) => !open && close()}>
        {children}
      </Dialog>
    )
  );
}
