import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { DeviceDetail } from '@/lib/api/types';

export const deviceQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.device, id, 'detail'],
    queryFn: ({ signal }) =>
      api.read(decode.deviceDetail, (ask) => ask.GET('/devices/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });

export const latestQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.device, id, 'latest'],
    queryFn: ({ signal }) =>
      api.read(decode.latest, (ask) => ask.GET('/devices/{id}/latest', { params: { path: { id } }, signal })),
    refetchInterval: 15_000,
  });

/** Lets a device bring readings of any age with its own key, or no longer. */
export const letBackfill = (api: ApiClient, { id, version }: DeviceDetail, mayBackfill: boolean) =>
  api.send((ask) =>
    ask.PATCH('/devices/{id}', {
      params: { path: { id }, header: { 'If-Match': `"${version}"` } },
      body: { mayBackfill },
    }),
  );

export interface DataRequest {
  metrics: readonly string[];
  fromMs: number;
  toMs: number;
  maxPoints: number;
  /** Resolution of the answer; without it the server chooses. */
  bucket?: string;
}

export const fetchData = (api: ApiClient, id: string, request: DataRequest, signal?: AbortSignal) =>
  api.read(decode.data, (ask) =>
    ask.GET('/data/{deviceId}', {
      params: {
        path: { deviceId: id },
        query: {
          metric: [...request.metrics],
          from: new Date(request.fromMs).toISOString(),
          to: new Date(request.toMs).toISOString(),
          maxPoints: request.maxPoints,
          ...(request.bucket ? { bucket: request.bucket } : {}),
        },
      },
      ...(signal ? { signal } : {}),
    }),
  );

export const deviceAlertsQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.alerts, 'device', id],
    queryFn: ({ signal }) =>
      api.read(decode.alertPage, (ask) =>
        ask.GET('/alerts', { params: { query: { device: id, state: 'all', limit: 10 } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
