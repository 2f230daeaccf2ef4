import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queryClient } from '../api/client.js';
import { live } from '../api/live.js';
import { provide, type Provided } from '../api/views.js';
import { loadSignIn } from './parts.js';
import { router } from './router.js';

/** A slow answer holds nothing up: its place is drawn without it. */
const prepareMsMax = 100;
/** The first page is there by then, most of the time. */
const settledMs = 3000;

/** Makes ready what the first picture shows, so that it is drawn once and whole. */
export async function prepare(lists: readonly Provided[]): Promise<void> {
  await Promise.race([
    Promise.all([router.load(), ...lists.map(provide)]),
    new Promise((done) => setTimeout(done, prepareMsMax)),
  ]);
}

/** For as long as somebody is signed in. */
export function Console() {
  useEffect(() => {
    live.open();
    // There when it is needed: after an upgrade of the server its file would be gone.
    const timer = setTimeout(() => void loadSignIn().catch(() => undefined), settledMs);
    return () => {
      clearTimeout(timer);
      live.close();
      // Nothing that somebody was shown is left for whoever comes next.
      queryClient.clear();
    };
  }, []);
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
