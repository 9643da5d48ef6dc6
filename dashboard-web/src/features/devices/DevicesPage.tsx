import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '@/lib/api/problem';
import { fleetQuery } from '@/lib/api/shared';
import type { FieldProblem } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { devicesQuery } from './api';
import { DeviceTable } from './components/DeviceTable';
import { FilterBar } from './components/FilterBar';
import { SearchHelp } from './components/SearchHelp';
import { SearchProblem } from './components/SearchProblem';
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
  const first = list.data?.pages[0];
  const total = first?.total ?? null;
  const counted = total === null ? null : { total, exact: first?.totalIsExact ?? true };
  const notUnderstood = list.isError ? toProblem(list.error).fields.find(isOfSearch) : undefined;
  return (
    <div className={ui.stack}>
      <PageTitle
        title="Devices"
        lead={<span className={ui.dim}>{countText(counted, fleet.data?.devices.total ?? null)}</span>}
      />
      <FilterBar
        q={q}
        counts={fleet.data?.devices ?? null}
        sites={fleet.data?.sites ?? []}
        isWrong={notUnderstood !== undefined}
        onType={(text) => change({ q: text }, true)}
        onPick={(text) => change({ q: text }, false)}
      />
      <SearchHelp />
      {notUnderstood && (
        <SearchProblem q={q} position={notUnderstood.position} detail={notUnderstood.detail} />
      )}
      {list.isError && !notUnderstood && <Problem error={list.error} onRetry={() => void list.refetch()} />}
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
              Nothing matches <code>{q}</code>.
            </Empty>
          )}
        </div>
      )}
      {items.length > 0 && (
        <DeviceTable
          items={items}
          total={counted?.exact ? total : null}
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

const isOfSearch = (field: FieldProblem): field is FieldProblem & { position: number } =>
  field.pointer === 'q' && field.position !== undefined;

function countText(matching: { total: number; exact: boolean } | null, all: number | null): string {
  if (matching === null) return '';
  const found = matching.exact ? formatCount(matching.total) : `more than ${formatCount(matching.total)}`;
  return all === null || all === matching.total ? found : `${found} of ${formatCount(all)}`;
}

/** Defaults do not belong in a link. */
function withoutEmpty(search: Partial<DevicesSearch>): Partial<DevicesSearch> {
  const { q, sort } = search;
  return { ...(q ? { q } : {}), ...(sort && sort !== 'id' ? { sort } : {}) };
}
