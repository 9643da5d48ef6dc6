import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type ApiClient, given } from '@/lib/api/client';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { SystemSearch } from './search';

export type QuarantineFilter = Partial<SystemSearch>;

/** The filter as the API has it, for the list and for a replay of all that it finds. */
const asked = (filter: QuarantineFilter) => ({
  reason: filter.reason,
  device: filter.device,
  transport: filter.transport,
  from: filter.since && `now-${filter.since}`,
  replayed: filter.open && false,
});

export const quarantineQuery = (api: ApiClient, filter: QuarantineFilter) =>
  queryOptions({
    queryKey: [...keys.quarantine, filter],
    queryFn: ({ signal }) =>
      api.read(decode.quarantinePage, (ask) =>
        ask.GET('/quarantine', { params: { query: given({ ...asked(filter), limit: 20 }) }, signal }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** The last hour, minute by minute. The stream tells what changes; asking again moves the hour on when nothing does. */
export const ledgerQuery = (api: ApiClient) =>
  queryOptions({
    queryKey: keys.ledger,
    queryFn: ({ signal }) =>
      api.read(decode.ledger, (ask) =>
        ask.GET('/ledger', { params: { query: { from: 'now-59m', bucket: '1m', limit: 60 } }, signal }),
      ),
    refetchInterval: 60_000,
  });

export const replay = (api: ApiClient, ids: readonly string[], dryRun: boolean) =>
  api.read(decode.replayResults, (ask) =>
    ask.POST(dryRun ? '/quarantine:preview' : '/quarantine:replay', { body: { ids: [...ids] } }),
  );

export const previewMatching = (api: ApiClient, filter: QuarantineFilter) =>
  api.read(decode.matchPreview, (ask) =>
    ask.POST('/quarantine:previewMatching', { body: given(asked(filter)) }),
  );

export const replayMatching = (api: ApiClient, cursor: string) =>
  api.read(decode.matchProgress, (ask) => ask.POST('/quarantine:replayMatching', { body: { cursor } }));
