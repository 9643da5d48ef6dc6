import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { fleetQuery } from '@/lib/api/shared';
import { parseFilter } from '@/lib/filter/grammar';
import { formatCount } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { devicesQuery } from './api';
import { DeviceTable } from './components/DeviceTable';
import { FilterBar } from './components/FilterBar';
import type { DeviceSort, DevicesSearch } from './search';

const route = getRouteApi('/devices');

export function DevicesPage() {
  const { api } = useServices();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const q = search.q ?? '';
  const sort = search.sort ?? 'id';
  const list = useInfiniteQuery(devicesQuery(api, q, sort));
  const fleet = useQuery(fleetQuery(api));
  const change = (next: Partial<DevicesSearch>, replace: boolean) =>
    void navigate({ search: withoutEmpty({ ...search, ...next }), replace });

  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? null;
  const unknown = parseFilter(q).unknownKeys;
  return (
    <div className={ui.stack}>
      <PageTitle
        title="Devices"
        lead={<span className={ui.dim}>{countText(total, fleet.data?.devices.total ?? null)}</span>}
      />
      <FilterBar
        q={q}
        counts={fleet.data?.devices ?? null}
        sites={fleet.data?.sites ?? []}
        onType={(text) => change({ q: text }, true)}
        onPick={(text) => change({ q: text }, false)}
      />
      {unknown.length > 0 && (
        <p role="status" className={ui.strip}>
          Not understood: {unknown.map((key) => `${key}:`).join(', ')} Known keys are status:, site: and
          type:.
        </p>
      )}
      {list.isError && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && (
        <Panel title="All devices">
          <Skeleton label="Loading devices…" rows={10} />
        </Panel>
      )}
      {list.isSuccess && items.length === 0 && (
        <div className={ui.panel}>
          {q === '' ? (
            <Empty title="No devices yet">The overview shows how to connect the first one.</Empty>
          ) : (
            <Empty
              title="No device matches"
              action={
                <button type="button" className={ui.button} onClick={() => change({ q: '' }, false)}>
                  Show all devices
                </button>
              }
            >
              Nothing matches <code>{q}</code>. Words are looked for in ids and names.
            </Empty>
          )}
        </div>
      )}
      {items.length > 0 && (
        <DeviceTable
          items={items}
          total={total}
          sort={sort}
          dimmed={list.isPlaceholderData}
          loadingMore={list.isFetchingNextPage}
          onSort={(next: DeviceSort) => change({ sort: next }, false)}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
          }}
        />
      )}
    </div>
  );
}

function countText(matching: number | null, all: number | null): string {
  if (matching === null) return '';
  return all === null || all === matching
    ? formatCount(matching)
    : `${formatCount(matching)} of ${formatCount(all)}`;
}

/** Defaults do not belong in a link. */
function withoutEmpty(search: Partial<DevicesSearch>): Partial<DevicesSearch> {
  const { q, sort } = search;
  return { ...(q ? { q } : {}), ...(sort && sort !== 'id' ? { sort } : {}) };
}
