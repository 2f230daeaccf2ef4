import { QueryClient } from '@tanstack/react-query';
import { ProblemError, UnreachableError } from './problem.js';

const retriesMax = 3;

/** Answers stay until the live stream says that something happened: nothing is asked twice by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      retry: (failures, error) => failures < retriesMax && isPassing(error),
      retryDelay: (failures, error) =>
        error instanceof ProblemError && error.retryAfterSeconds > 0
          ? error.retryAfterSeconds * 1000
          : 500 * 2 ** failures,
    },
  },
});

/** Whether the same question may be answered in a moment. Who cannot be reached is asked again once the live stream is back. */
function isPassing(error: unknown): boolean {
  return !(error instanceof UnreachableError) && error instanceof ProblemError && error.document.status === 503;
}
