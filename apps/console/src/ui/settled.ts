import { useEffect, useState } from 'react';

const settleMs = 300;

/** Whether a page has been there for a moment: what it needs first comes before what it needs later. */
export function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settleMs);
    return () => clearTimeout(timer);
  }, []);
  return isSettled;
}
