import { useEffect, useState } from 'react';
import { Waiting } from '../ui/waiting.js';
import { usePlace } from './address.js';
import { DrawnPart } from './drawn-part.js';
import { NoSuchPage } from './no-such-page.js';
import { PageFailure } from './page-failure.js';

/** How long the page before is left on the screen while the files of the next are on their way. */
const leftMsMax = 1000;

/** The page at the address. */
export function CurrentPage() {
  const { page, path, search, askedPath } = usePlace();
  const isLate = useLate(askedPath !== path);
  if (!page) return <NoSuchPage />;
  if (isLate) return <Waiting />;
  return <DrawnPart part={page} given={{}} waiting={<Waiting />} failure={PageFailure} resetKeys={[path, search]} />;
}

function useLate(isLeft: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isLeft) return undefined;
    const timer = setTimeout(() => setLate(true), leftMsMax);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isLeft]);
  return isLate && isLeft;
}
