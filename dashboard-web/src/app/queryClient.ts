import { QueryClient } from '@tanstack/react-query';
import { toProblem } from '@/lib/api/problem';

const ATTEMPTS = 3;

/** Only what may pass by itself is retried; a refusal is shown at once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        gcTime: 300_000,
        retry: (failures, error) => toProblem(error).isTransient && failures < ATTEMPTS - 1,
        retryDelay: (failures) => Math.min(8000, 500 * 2 ** failures),
        refetchOnWindowFocus: true,
      },
    },
  });
}
