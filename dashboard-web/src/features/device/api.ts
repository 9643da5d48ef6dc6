import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';

const path = (id: string) => `/devices/${encodeURIComponent(id)}`;

export const deviceQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.device, id, 'detail'],
    queryFn: ({ signal }) => api.read(path(id), decode.deviceDetail, { signal }),
    refetchInterval: 15_000,
  });

export const latestQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.device, id, 'latest'],
    queryFn: ({ signal }) => api.read(`${path(id)}/latest`, decode.latest, { signal }),
    refetchInterval: 15_000,
  });

export interface DataRequest {
  metrics: readonly string[];
  fromMs: number;
  toMs: number;
  maxPoints: number;
}

export const fetchData = (api: ApiClient, id: string, request: DataRequest, signal?: AbortSignal) =>
  api.read(`/data/${encodeURIComponent(id)}`, decode.data, {
    query: {
      metric: request.metrics,
      from: new Date(request.fromMs).toISOString(),
      to: new Date(request.toMs).toISOString(),
      maxPoints: request.maxPoints,
    },
    signal,
  });

export const deviceAlertsQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.alerts, 'device', id],
    queryFn: ({ signal }) =>
      api.read('/alerts', decode.alertPage, { query: { device: id, state: 'all', limit: 10 }, signal }),
    placeholderData: keepPreviousData,
  });
