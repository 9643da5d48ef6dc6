import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { type ApiClient, given } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { DeviceSort } from './search';

const PAGE_SIZE = 100;
/** How often the times in the list are read again: a few pages often, a long way down the list seldom. */
const REFRESH_MS = 10_000;

/** Keyset pages: the cursor says where the next page begins, so a growing fleet shifts nothing. */
export const devicesQuery = (api: ApiClient, q: string, sort: DeviceSort) =>
  infiniteQueryOptions({
    queryKey: [...keys.devices, { q, sort }],
    queryFn: ({ pageParam, signal }) =>
      api.read(decode.devicePage, (ask) =>
        ask.GET('/devices', {
          params: { query: given({ q, sort, limit: PAGE_SIZE, cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    refetchInterval: (query) => REFRESH_MS * (query.state.data?.pages.length ?? 1),
  });
