import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { toProblem } from '@/lib/api/problem';
import { rulesQuery } from '@/lib/api/shared';
import type { DeviceDetail } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { windowOf } from '@/lib/time/range';
import { serverClock } from '@/lib/time/serverClock';
import { PageTitle } from '@/lib/ui/PageTitle';
import { Panel } from '@/lib/ui/Panel';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { deviceQuery, latestQuery } from './api';
import { DeviceAlerts } from './components/DeviceAlerts';
import { DeviceHeader } from './components/DeviceHeader';
import { Facts } from './components/Facts';
import { MetricPanel } from './components/MetricPanel';
import { RangeBar } from './components/RangeBar';
import { Tiles } from './components/Tiles';
import styles from './device.module.css';
import { withNewest } from './model/lastSeen';
import { layoutOf } from './model/layout';
import { thresholdsOf } from './model/thresholds';
import { useDeviceStore } from './model/useDeviceStore';
import type { DeviceSearch } from './search';

const route = getRouteApi('/devices/$deviceId');
/** More charts than this are not read; the tiles still show every metric. */
const MAX_CHARTS = 12;

export function DevicePage() {
  const { deviceId } = route.useParams();
  const { api } = useServices();
  const device = useQuery(deviceQuery(api, deviceId));
  return (
    <div className={ui.stack}>
      <nav aria-label="Breadcrumb" className={styles.crumb}>
        <Link to="/devices">Devices</Link> <span aria-hidden="true">/</span> {deviceId}
      </nav>
      {device.data ? (
        <Loaded key={deviceId} device={device.data} />
      ) : (
        <>
          <PageTitle title={deviceId} />
          {device.isPending && (
            <Panel title="Device">
              <Skeleton label={`Loading ${deviceId}…`} block />
            </Panel>
          )}
          {device.isError && toProblem(device.error).status === 404 && <Unknown id={deviceId} />}
          {device.isError && toProblem(device.error).status !== 404 && (
            <Problem error={device.error} onRetry={() => void device.refetch()} />
          )}
        </>
      )}
    </div>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <div className={ui.panel}>
      <Empty
        title="There is no such device"
        action={
          <Link to="/devices" search={{ q: id.slice(0, 6) }} className={ui.button}>
            Look for similar ids
          </Link>
        }
      >
        <code>{id}</code> has never reported and is not registered in your tenant.
      </Empty>
    </div>
  );
}

function Loaded({ device }: { device: DeviceDetail }) {
  const { api } = useServices();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const window = windowOf(search);
  const tz = search.tz ?? 'local';
  const shown = device.metrics.slice(0, MAX_CHARTS);
  const { store, state } = useDeviceStore(
    device.id,
    shown.map((metric) => metric.name),
    window,
  );
  const seen = withNewest(device, state.newest, serverClock.now());
  const latest = useQuery(latestQuery(api, device.id));
  const rules = useQuery(rulesQuery(api));
  useEffect(() => {
    if (latest.data) store.offerLatest(latest.data.samples);
  }, [store, latest.data]);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const pause = (at: number | null) => {
    store.setPaused(at !== null);
    setPausedAt(at);
  };
  const change = (next: Partial<DeviceSearch>) => {
    pause(null);
    void navigate({ search: next });
  };
  const zoom = (fromMs: number, toMs: number) =>
    change({ ...kept(search), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });

  return (
    <>
      <DeviceHeader device={seen} />
      {latest.isError && <Problem error={latest.error} onRetry={() => void latest.refetch()} />}
      <Tiles device={device} newest={state.newest} store={store} loading={latest.isPending} />
      <div className={styles.columns}>
        <div className={ui.stack}>
          <RangeBar
            search={search}
            window={window}
            tz={tz}
            pausedAt={pausedAt}
            unseen={state.unseen}
            onChange={change}
            onPause={pause}
          />
          {state.error !== null && <Problem error={state.error} onRetry={() => void store.reload()} />}
          {shown.length === 0 && (
            <div className={ui.panel}>
              <Empty title="No metrics yet">
                This device has not sent a value. Its metrics appear here with the first reading.
              </Empty>
            </div>
          )}
          <div className={styles.charts}>
            {layoutOf(shown).map(({ metric, wide }) => (
              <div key={metric.name} className={wide ? styles.wide : undefined}>
                <MetricPanel
                  device={seen}
                  metric={metric}
                  store={store}
                  state={state}
                  window={window}
                  tz={tz}
                  pausedAt={pausedAt}
                  asTable={search.table === metric.name}
                  thresholds={thresholdsOf(rules.data ?? [], device, metric.name)}
                  onTable={(on) =>
                    void navigate({
                      search: { ...kept(search), ...fixedOf(search), ...(on ? { table: metric.name } : {}) },
                    })
                  }
                  onZoom={zoom}
                />
              </div>
            ))}
          </div>
          {device.metrics.length > MAX_CHARTS && (
            <p className={ui.dim}>
              {MAX_CHARTS} of {device.metrics.length} metrics are charted.
            </p>
          )}
        </div>
        <div className={ui.stack}>
          <Facts device={seen} />
          <DeviceAlerts device={device.id} tz={tz} />
        </div>
      </div>
    </>
  );
}

/** What stays in the address when the window changes. */
function kept({ range, tz }: Partial<DeviceSearch>): Partial<DeviceSearch> {
  return { ...(range ? { range } : {}), ...(tz ? { tz } : {}) };
}

function fixedOf({ from, to }: Partial<DeviceSearch>): Partial<DeviceSearch> {
  return from && to ? { from, to } : {};
}
