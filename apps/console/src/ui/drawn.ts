import { startTransition, useEffect, useState } from 'react';

let isDrawn = false;

/** Whether the console's first picture is on the screen: what else a page shows is read and drawn after it. Pages that are gone to later wait for nothing. */
export function useDrawn(): boolean {
  const [isSeen, setSeen] = useState(isDrawn);
  useEffect(() => {
    if (isSeen) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        isDrawn = true;
        startTransition(() => setSeen(true));
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [isSeen]);
  return isSeen;
}
