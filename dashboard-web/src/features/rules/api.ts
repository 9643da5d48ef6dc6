import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { RuleDraft } from '@/lib/api/types';

const path = (id: string) => `/rules/${encodeURIComponent(id)}`;

/** With its entity tag: a save must name the version it was made from. */
export const ruleQuery = (api: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...keys.rules, id],
    queryFn: ({ signal }) => api.readTagged(path(id), decode.rule, { signal }),
    // A form is being filled from it: a refetch must not change what it is compared with.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const createRule = (api: ApiClient, draft: RuleDraft) =>
  api.read('/rules', decode.rule, { method: 'POST', body: draft });

export const replaceRule = (api: ApiClient, id: string, draft: RuleDraft, etag: string | null) =>
  api.send(path(id), { method: 'PUT', body: draft, headers: ifMatch(etag) });

export const deleteRule = (api: ApiClient, id: string, etag: string | null) =>
  api.send(path(id), { method: 'DELETE', headers: ifMatch(etag) });

const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { 'If-Match': etag });
