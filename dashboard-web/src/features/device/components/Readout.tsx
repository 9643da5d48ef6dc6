import type { Metric } from '@/lib/api/types';
import type { SeriesView } from '@/lib/chart/seriesBuffer';
import type { Threshold } from '@/lib/chart/TimeSeriesChart';
import { formatDateTime, formatValue, type TimeZoneChoice } from '@/lib/format/format';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';

interface Props {
  metric: Metric;
  view: SeriesView;
  /** The sample under the crosshair; null for the newest. */
  index: number | null;
  tz: TimeZoneChoice;
  thresholds: readonly Threshold[];
  bucketed: boolean;
}

/** A fixed line under the chart instead of a floating tip: nothing is covered, nothing sticks, touch works alike. */
export function Readout({ metric, view, index, tz, thresholds, bucketed }: Props) {
  const at = index ?? view.times.length - 1;
  const time = view.times[at];
  const value = view.values[at];
  if (time === undefined || value === undefined) return null;
  const limit = nearest(thresholds, value);
  return (
    <p className={styles.readout} aria-live={index === null ? 'off' : 'polite'}>
      <span className={ui.dim}>{index === null ? 'Newest' : 'At'}</span>
      <time dateTime={new Date(time).toISOString()}>{formatDateTime(time, tz)}</time>
      <strong>{metric.kind === 'boolean' ? onOff(value) : formatValue(value, metric.unit)}</strong>
      {bucketed && metric.kind === 'number' && view.low[at] !== view.high[at] && (
        <span className={ui.second}>
          {formatValue(view.low[at], null)} to {formatValue(view.high[at], metric.unit)}
        </span>
      )}
      {limit && (
        <span className={ui.second}>
          {formatValue(Math.abs(value - limit.value), metric.unit)} {value < limit.value ? 'below' : 'above'}{' '}
          the {limit.severity} limit {formatValue(limit.value, null)}
        </span>
      )}
    </p>
  );
}

const onOff = (value: number): string =>
  value === 0 ? 'off' : value === 1 ? 'on' : `${Math.round(value * 100)}\u2009% on`;

function nearest(thresholds: readonly Threshold[], value: number): Threshold | null {
  const [first] = [...thresholds].sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value));
  return first ?? null;
}
