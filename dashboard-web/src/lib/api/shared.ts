import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from './client';
import * as decode from './decoders';
import { keys } from './keys';

/** Queries that the shell and more than one feature read. */
export const meQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.me,
    queryFn: ({ signal }) => api.read(decode.me, (ask) => ask.GET('/me', { signal })),
    staleTime: 300_000,
  });

export const fleetQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.fleet,
    queryFn: ({ signal }) => api.read(decode.fleetSummary, (ask) => ask.GET('/fleet/summary', { signal })),
    refetchInterval: 10_000,
  });

export const systemQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.system,
    queryFn: ({ signal }) => api.read(decode.system, (ask) => ask.GET('/system', { signal })),
    refetchInterval: 15_000,
  });

/** Rules are read by their own page and by charts, which draw their thresholds. */
export const rulesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.rules,
    queryFn: ({ signal }) =>
      api.read(decode.ruleList, (ask) => ask.GET('/rules', { params: { query: { limit: 500 } }, signal })),
    staleTime: 60_000,
  });
