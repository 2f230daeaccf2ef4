import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryClient } from '../api/client.js';
import { live } from '../api/live.js';
import { AddressProvider } from './address-provider.js';
import { signInPart } from './parts.js';
import { Shell } from './shell.js';

/** The first page is there by then, most of the time. */
const settledMs = 3000;

/** For as long as somebody is signed in. */
export function Console() {
  useEffect(() => {
    live.open();
    // There when it is needed: after an upgrade of the server its file would be gone.
    const timer = setTimeout(() => void signInPart.load().catch(() => undefined), settledMs);
    return () => {
      clearTimeout(timer);
      live.close();
      // Nothing that somebody was shown is left for whoever comes next.
      queryClient.clear();
    };
  }, []);
  return (
    <QueryClientProvider client={queryClient}>
      <AddressProvider>
        <Shell />
      </AddressProvider>
    </QueryClientProvider>
  );
}
