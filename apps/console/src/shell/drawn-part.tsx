import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';
import type { Component, Part } from './part.js';
import { PartFailure } from './part-failure.js';

export interface DrawnPartProps<P> {
  readonly part: Part<P>;
  /** Its own properties. */
  readonly given: P;
  /** What stands in its place until its files have come. */
  readonly waiting?: ReactNode;
  /** What stands there where they don't, or where it fails: the rest of the console goes on. */
  readonly failure?: ComponentType<FallbackProps>;
  /** What tries it again when it changes. */
  readonly resetKeys?: unknown[];
}

/** A part of the console whose files come when it is drawn, where they are not there yet. */
export function DrawnPart<P extends object>({
  part,
  given,
  waiting,
  failure = PartFailure,
  resetKeys,
}: DrawnPartProps<P>) {
  const Drawn = componentOf(part);
  return (
    <ErrorBoundary
      FallbackComponent={failure}
      // Files that did not come are asked for again when it is drawn next.
      onError={() => void drawing.delete(part)}
      {...(resetKeys && { resetKeys })}
    >
      <Suspense fallback={waiting}>
        <Drawn {...given} />
      </Suspense>
    </ErrorBoundary>
  );
}

const drawing = new WeakMap<object, Component<never>>();

/** Itself where it had come before it was drawn first: React would show its place empty, and keep it so for a while. It stays what it was, or all below would begin anew. */
function componentOf<P extends object>(part: Part<P>): Component<P> {
  const known = drawing.get(part) as Component<P> | undefined;
  if (known) return known;
  const made = part.loaded() ?? lazy(async () => ({ default: await part.load() }));
  drawing.set(part, made);
  return made;
}
