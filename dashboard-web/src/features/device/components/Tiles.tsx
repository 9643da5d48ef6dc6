import type { DeviceDetail, Metric, PresenceState } from '@/lib/api/types';
import { formatMoment, formatValue, NONE } from '@/lib/format/format';
import { type Freshness, freshnessOf, medianIntervalMs } from '@/lib/time/freshness';
import { useNow } from '@/lib/time/useNow';
import { Age } from '@/lib/ui/Age';
import { cx } from '@/lib/ui/cx';
import { PRESENCE_MARKS } from '@/lib/ui/marks';
import { type Mark, StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';
import type { DeviceStore, Newest } from '../model/deviceStore';

interface Props {
  device: DeviceDetail;
  newest: ReadonlyMap<string, Newest>;
  store: DeviceStore;
  loading: boolean;
}

/** The newest value of every metric, each with its own age: values of one device do not age together. */
export function Tiles({ device, newest, store, loading }: Props) {
  if (device.metrics.length === 0) return null;
  return (
    <section aria-label="Newest values" className={styles.tiles}>
      {device.metrics.map((metric) => (
        <Tile
          key={metric.name}
          metric={metric}
          newest={newest.get(metric.name) ?? null}
          intervalMs={intervalOf(device, metric, store)}
          presence={device.presence.state}
          silent={device.presence.silentMetrics?.includes(metric.name) ?? false}
          loading={loading}
        />
      ))}
    </section>
  );
}

const MARKS: Record<Freshness, Mark> = {
  fresh: 'ok',
  late: 'late',
  stale: 'silent',
  skewed: 'warning',
  unknown: 'unknown',
};

interface TileProps {
  metric: Metric;
  newest: Newest | null;
  intervalMs: number | null;
  presence: PresenceState;
  /** The sensor has stopped while others of the device go on. */
  silent: boolean;
  loading: boolean;
}

function Tile({ metric, newest, intervalMs, presence, silent, loading }: TileProps) {
  const now = useNow();
  // A state is sent when it changes: its age says nothing about the device.
  const freshness =
    metric.kind === 'state' && newest ? 'fresh' : freshnessOf(newest?.timeMs ?? null, now, intervalMs);
  return (
    <article className={cx(styles.tile, (silent || freshness === 'stale') && styles.stale)}>
      <h2 className={styles.tileName}>{metric.name}</h2>
      <p className={styles.tileValue}>{loading && !newest ? '…' : valueText(metric, newest)}</p>
      <p className={styles.tileAge}>
        <StatusMark mark={silent ? 'silent' : markOf(freshness, presence)} size={10} />
        {silent && <span>sensor silent, </span>}
        {ageText(freshness, newest, now)}
      </p>
    </article>
  );
}

/** No value of a device that is gone is marked as well, however short its age. */
function markOf(freshness: Freshness, presence: PresenceState): Mark {
  const gone = presence === 'silent' || presence === 'offline';
  return freshness === 'fresh' && gone ? PRESENCE_MARKS[presence] : MARKS[freshness];
}

function valueText(metric: Metric, newest: Newest | null): string {
  if (newest === null) return NONE;
  if (metric.kind === 'boolean' && newest.value !== null) return newest.value === 0 ? 'off' : 'on';
  return newest.text ?? formatValue(newest.value, metric.unit);
}

function ageText(freshness: Freshness, newest: Newest | null, now: number) {
  if (newest === null) return 'no value yet';
  if (freshness === 'skewed') return `device clock ${Math.round((newest.timeMs - now) / 1000)} s ahead`;
  if (freshness === 'stale') {
    return (
      <span>
        last {formatMoment(newest.timeMs, now, 'local')} (<Age time={newest.timeMs} />)
      </span>
    );
  }
  return (
    <span className={freshness === 'late' ? ui.warning : undefined}>
      <Age time={newest.timeMs} />
    </span>
  );
}

/** How often a value is due: as configured, else as observed. */
export function intervalOf(device: DeviceDetail, metric: Metric, store: DeviceStore): number | null {
  if (device.expectedIntervalSeconds !== null) return device.expectedIntervalSeconds * 1000;
  return medianIntervalMs(store.buffer(metric.name).view().times);
}
