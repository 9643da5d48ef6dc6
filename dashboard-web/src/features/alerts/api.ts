import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type ApiClient, given } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { AlertsSearch } from './search';

const PAGE_SIZE = 200;

export const alertsQuery = (api: ApiClient, search: Partial<AlertsSearch>) => {
  const { state = 'open', severity, ack, rule, device } = search;
  const acknowledged = ack === undefined ? undefined : ack === 'yes';
  return infiniteQueryOptions({
    queryKey: [...keys.alerts, { state, severity, acknowledged, rule, device }],
    queryFn: ({ pageParam, signal }) =>
      api.read(decode.alertPage, (ask) =>
        ask.GET('/alerts', {
          params: {
            query: given({
              state,
              severity,
              acknowledged,
              rule,
              device,
              limit: PAGE_SIZE,
              cursor: pageParam,
            }),
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
};

export const alertQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.alert, id],
    queryFn: ({ signal }) =>
      api.read(decode.alertDetail, (ask) => ask.GET('/alerts/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });

export const acknowledge = (api: ApiClient, id: string, comment: string) =>
  api.send((ask) =>
    ask.POST('/alerts/{id}:acknowledge', {
      params: { path: { id } },
      body: comment === '' ? {} : { comment },
    }),
  );
