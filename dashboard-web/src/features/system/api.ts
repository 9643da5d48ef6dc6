import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';

export const quarantineQuery = (api: ApiClient, reason: string | undefined) =>
  queryOptions({
    queryKey: [...keys.quarantine, { reason }],
    queryFn: ({ signal }) =>
      api.read('/quarantine', decode.quarantinePage, { query: { reason, limit: 20 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
