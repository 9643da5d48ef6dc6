import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { RuleDraft } from '@/lib/api/types';

/** The names of all metrics that any device has sent. */
export const metricNamesQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.metricNames,
    queryFn: ({ signal }) => api.read(decode.metricNames, (ask) => ask.GET('/metrics', { signal })),
    staleTime: 60_000,
  });

/** With its entity tag: a save must name the version it was made from. */
export const ruleQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.rules, id],
    queryFn: ({ signal }) =>
      api.readTagged(decode.rule, (ask) => ask.GET('/rules/{id}', { params: { path: { id } }, signal })),
    // A form is being filled from it: a refetch must not change what it is compared with.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const createRule = (api: ApiClient, draft: RuleDraft) =>
  api.read(decode.rule, (ask) => ask.POST('/rules', { body: draft }));

export const replaceRule = (api: ApiClient, id: string, draft: RuleDraft, etag: string | null) =>
  api.send((ask) => ask.PUT('/rules/{id}', { params: { path: { id }, header: ifMatch(etag) }, body: draft }));

export const deleteRule = (api: ApiClient, id: string, etag: string | null) =>
  api.send((ask) => ask.DELETE('/rules/{id}', { params: { path: { id }, header: ifMatch(etag) } }));

const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { 'If-Match': etag });
