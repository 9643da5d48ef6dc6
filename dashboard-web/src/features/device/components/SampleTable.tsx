import type { Metric } from '@/lib/api/types';
import type { SeriesView } from '@/lib/chart/seriesBuffer';
import { formatDateTime, formatValue, type TimeZoneChoice } from '@/lib/format/format';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';

const MAX_ROWS = 200;

interface Props {
  metric: Metric;
  view: SeriesView;
  tz: TimeZoneChoice;
  bucketed: boolean;
}

/** The same samples as the chart, newest first. */
export function SampleTable({ metric, view, tz, bucketed }: Props) {
  const count = view.times.length;
  const rows = Array.from({ length: Math.min(count, MAX_ROWS) }, (_, index) => count - 1 - index);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.samples} aria-label={`${metric.name}, newest samples`} tabIndex={0}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" className={ui.number}>
              {bucketed ? 'Average' : 'Value'}
            </th>
            {bucketed && (
              <>
                <th scope="col" className={ui.number}>
                  Min
                </th>
                <th scope="col" className={ui.number}>
                  Max
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={view.times[row]}>
              <td>{formatDateTime(view.times[row] as number, tz)}</td>
              <td className={ui.number}>{formatValue(view.values[row], metric.unit)}</td>
              {bucketed && (
                <>
                  <td className={ui.number}>{formatValue(view.low[row], metric.unit)}</td>
                  <td className={ui.number}>{formatValue(view.high[row], metric.unit)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {count > MAX_ROWS && (
        <p className={styles.pad}>
          The newest {MAX_ROWS} of {count}.
        </p>
      )}
    </section>
  );
}
