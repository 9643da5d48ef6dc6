import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import type { Severity } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { SEVERITY_WORDS } from '@/lib/ui/marks';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import styles from './alerts.module.css';
import { alertsQuery } from './api';
import { AlertList } from './components/AlertList';
import { bySeverity, groupAlerts } from './model/grouping';
import type { AlertsSearch } from './search';

const AlertDrawer = lazy(() =>
  import('./components/AlertDrawer').then((module) => ({ default: module.AlertDrawer })),
);
const route = getRouteApi('/alerts');
const SEVERITIES: Severity[] = ['critical', 'warning', 'info'];

export function AlertsPage() {
  const { api } = useServices();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(alertsQuery(api, search));
  const go = (next: { [K in keyof AlertsSearch]?: AlertsSearch[K] | undefined }) =>
    void navigate({ search: present({ ...search, ...next }) });
  const resolved = search.state === 'resolved';

  const shown = useMemo(() => {
    const all = list.data?.pages.flatMap((page) => page.items) ?? [];
    return search.site === undefined ? all : all.filter((alert) => alert.site === search.site);
  }, [list.data, search.site]);
  const first = list.data?.pages[0];
  const narrowed = [
    search.rule !== undefined && { key: 'rule' as const, text: `rule: ${shown[0]?.ruleName ?? search.rule}` },
    search.site !== undefined && { key: 'site' as const, text: `site: ${search.site}` },
    search.device !== undefined && { key: 'device' as const, text: `device: ${search.device}` },
  ].filter((each) => each !== false);

  return (
    <div className={ui.stack}>
      <PageTitle
        title="Alerts"
        lead={first && <span className={ui.dim}>{formatCount(first.total ?? shown.length)}</span>}
      >
        <fieldset className={`${ui.segments} ${styles.plain}`}>
          <legend className="visually-hidden">Which alerts</legend>
          <button type="button" aria-pressed={!resolved} onClick={() => go({ state: undefined })}>
            Open
          </button>
          <button
            type="button"
            aria-pressed={resolved}
            onClick={() => go({ state: 'resolved', ack: undefined })}
          >
            Resolved
          </button>
        </fieldset>
      </PageTitle>
      <div className={ui.row}>
        <fieldset className={`${ui.segments} ${styles.plain}`}>
          <legend className="visually-hidden">Severity</legend>
          {SEVERITIES.map((severity) => (
            <button
              key={severity}
              type="button"
              aria-pressed={search.severity === severity}
              onClick={() => go({ severity: search.severity === severity ? undefined : severity })}
            >
              <span className={ui.status}>
                <StatusMark mark={severity} />
                {SEVERITY_WORDS[severity]}
                {first && !resolved && <span className={ui.dim}>{formatCount(first.counts[severity])}</span>}
              </span>
            </button>
          ))}
        </fieldset>
        {!resolved && (
          <fieldset className={`${ui.segments} ${styles.plain}`}>
            <legend className="visually-hidden">Acknowledged</legend>
            <button
              type="button"
              aria-pressed={search.ack === undefined}
              onClick={() => go({ ack: undefined })}
            >
              All
            </button>
            <button type="button" aria-pressed={search.ack === 'no'} onClick={() => go({ ack: 'no' })}>
              Not acknowledged
            </button>
            <button type="button" aria-pressed={search.ack === 'yes'} onClick={() => go({ ack: 'yes' })}>
              Acknowledged
            </button>
          </fieldset>
        )}
        {narrowed.map(({ key, text }) => (
          <button
            key={key}
            type="button"
            className={`${ui.button} ${ui.small}`}
            aria-label={`Remove the filter ${text}`}
            onClick={() => go({ [key]: undefined })}
          >
            {text} <span aria-hidden="true">×</span>
          </button>
        ))}
        <label className={styles.group}>
          <input
            type="checkbox"
            checked={search.group !== 'none'}
            onChange={(event) => go({ group: event.target.checked ? undefined : 'none' })}
          />
          Group by rule and site
        </label>
      </div>
      {list.isError && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {(list.isPending || first) && (
        <Panel title={resolved ? 'Resolved alerts' : 'Open alerts'} flush refreshing={list.isPlaceholderData}>
          {list.isPending && (
            <div className={styles.pad}>
              <Skeleton label="Loading alerts…" rows={6} />
            </div>
          )}
          {first && shown.length === 0 && (
            <NoAlerts resolved={resolved} filtered={isNarrowed(search)} onAll={() => go(ALL)} />
          )}
          {shown.length > 0 && (
            <AlertList
              groups={search.group === 'none' ? null : groupAlerts(shown)}
              alerts={[...shown].sort(bySeverity)}
              onOpen={(alert) => go({ alert })}
            />
          )}
          {list.hasNextPage && (
            <div className={styles.pad}>
              <button
                type="button"
                className={ui.button}
                disabled={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {list.isFetchingNextPage ? 'Loading…' : `Show more (${formatCount(shown.length)} shown)`}
              </button>
            </div>
          )}
        </Panel>
      )}
      {search.alert !== undefined && (
        <Suspense>
          <AlertDrawer id={search.alert} onClose={() => go({ alert: undefined })} />
        </Suspense>
      )}
    </div>
  );
}

const ALL = { severity: undefined, ack: undefined, rule: undefined, site: undefined, device: undefined };
const isNarrowed = (search: Partial<AlertsSearch>): boolean =>
  Object.keys(ALL).some((key) => search[key as keyof AlertsSearch] !== undefined);

function NoAlerts({
  resolved,
  filtered,
  onAll,
}: {
  resolved: boolean;
  filtered: boolean;
  onAll: () => void;
}) {
  if (filtered) {
    return (
      <Empty
        title="No alert matches"
        action={
          <button type="button" className={ui.button} onClick={onAll}>
            Remove the filters
          </button>
        }
      />
    );
  }
  return resolved ? (
    <Empty title="Nothing has been resolved yet">An alert comes here when its condition has ended.</Empty>
  ) : (
    <Empty title="No open alerts">Rules are watching. An alert appears here by itself when one fires.</Empty>
  );
}

function present(search: { [K in keyof AlertsSearch]?: AlertsSearch[K] | undefined }): Partial<AlertsSearch> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
