import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queryClient } from '../api/client.js';
import { live } from '../api/live.js';
import { router } from './router.js';

/** For as long as somebody is signed in. */
export function Console() {
  useEffect(() => {
    live.open();
    return () => {
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
