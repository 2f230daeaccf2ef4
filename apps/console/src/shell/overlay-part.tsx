import { useState } from 'react';
import { DrawnPart } from './drawn-part.js';
import type { Part } from './part.js';

export interface OverlayProps {
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** What opens above the page, there from the first time on. */
export function OverlayPart({ part, ...given }: OverlayProps & { readonly part: Part<OverlayProps> }) {
  const [wasOpen, setWasOpen] = useState(given.isOpen);
  if (given.isOpen && !wasOpen) setWasOpen(true);
  return wasOpen && <DrawnPart part={part} given={given} />;
}
