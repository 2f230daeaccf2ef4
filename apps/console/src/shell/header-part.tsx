import { useSettled } from '../ui/settled.js';
import { DrawnPart, type DrawnPartProps } from './drawn-part.js';
import { SmallPartFailure } from './part-failure.js';

/** A button of the header that opens something: its place is kept until the page before it is there. */
export function HeaderPart<P extends object>(drawn: DrawnPartProps<P>) {
  const place = <span className="one-button" />;
  return useSettled() ? <DrawnPart {...drawn} waiting={place} failure={SmallPartFailure} /> : place;
}
