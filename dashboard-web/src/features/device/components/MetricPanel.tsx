import { useCallback, useMemo, useState } from 'react';
import type { DeviceDetail, Metric } from '@/lib/api/types';
import { seriesColour } from '@/lib/chart/palette';
import { type ChartSource, type Threshold, TimeSeriesChart } from '@/lib/chart/TimeSeriesChart';
import { formatCount, type TimeZoneChoice } from '@/lib/format/format';
import { gapAfterMs } from '@/lib/time/freshness';
import type { TimeWindow } from '@/lib/time/range';
import { serverClock } from '@/lib/time/serverClock';
import { Panel } from '@/lib/ui/Panel';
import { Empty, Skeleton } from '@/lib/ui/states';
import { useTheme } from '@/lib/ui/theme';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';
import type { DeviceStore, StoreState } from '../model/deviceStore';
import { bucketMs } from '../model/resolution';
import { Readout } from './Readout';
import { SampleTable } from './SampleTable';
import { StateTimeline } from './StateTimeline';
import { intervalOf } from './Tiles';

interface Props {
  device: DeviceDetail;
  metric: Metric;
  store: DeviceStore;
  state: StoreState;
  window: TimeWindow;
  tz: TimeZoneChoice;
  pausedAt: number | null;
  asTable: boolean;
  thresholds: readonly Threshold[];
  onTable: (on: boolean) => void;
  onZoom: (fromMs: number, toMs: number) => void;
}

/** One metric over the window, as a chart or as a table of the same samples. */
export function MetricPanel(props: Props) {
  const { device, metric, store, state, window, tz, pausedAt, asTable, thresholds } = props;
  const { theme } = useTheme();
  const [index, setIndex] = useState<number | null>(null);
  const buffer = store.buffer(metric.name);
  const source = useMemo<ChartSource>(
    () => ({ view: () => buffer.view(), version: store.version }),
    [buffer, store],
  );
  const range = useCallback(() => boundsOf(window, pausedAt), [window, pausedAt]);
  const bucket = bucketMs(state.answer?.resolution ?? 'raw');
  const gapMs = Math.max(gapAfterMs(intervalOf(device, metric, store)), (bucket ?? 0) * 2.5);
  const isState = metric.kind === 'state';
  const nothing = isState ? store.states(metric.name).length === 0 : buffer.length === 0;
  return (
    <Panel
      title={metric.unit ? `${metric.name} (${metric.unit})` : metric.name}
      note={state.answer && !isState ? methodText(state, buffer.length) : undefined}
      actions={
        !isState && (
          <button
            type="button"
            className={`${ui.button} ${ui.small}`}
            aria-pressed={asTable}
            onClick={() => props.onTable(!asTable)}
          >
            {asTable ? 'Chart' : 'Table'}
          </button>
        )
      }
      flush
    >
      {state.phase === 'loading' && (
        <div className={styles.pad}>
          <Skeleton label={`Loading ${metric.name}…`} block />
        </div>
      )}
      {state.phase === 'ready' && nothing && (
        <NothingHere newestMs={state.newest.get(metric.name)?.timeMs ?? null} {...props} />
      )}
      {state.phase === 'ready' && !nothing && isState && (
        <StateTimeline
          spans={store.states(metric.name)}
          range={range}
          knownToMs={lastHeardMs(device)}
          tz={tz}
        />
      )}
      {state.phase === 'ready' && !nothing && !isState && asTable && (
        <SampleTable metric={metric} view={buffer.view()} tz={tz} bucketed={bucket !== null} />
      )}
      {state.phase === 'ready' && !nothing && !isState && !asTable && (
        <>
          <div className={styles.chart}>
            <TimeSeriesChart
              source={source}
              window={range}
              live={window.mode === 'live' && pausedAt === null}
              colour={seriesColour(metric.name, theme)}
              tz={tz}
              gapMs={gapMs}
              thresholds={thresholds}
              boolean={metric.kind === 'boolean'}
              syncKey={`device-${device.id}`}
              label={`${metric.name} of ${device.id} over time`}
              onCursor={setIndex}
              onZoom={props.onZoom}
            />
          </div>
          <Readout
            metric={metric}
            view={buffer.view()}
            index={index}
            tz={tz}
            thresholds={thresholds}
            bucketed={bucket !== null}
          />
        </>
      )}
    </Panel>
  );
}

function lastHeardMs({ presence }: DeviceDetail): number | null {
  const gone = presence.state === 'silent' || presence.state === 'offline';
  return gone && presence.lastSeen !== null ? Date.parse(presence.lastSeen) : null;
}

function boundsOf(window: TimeWindow, pausedAt: number | null): { fromMs: number; toMs: number } {
  if (window.mode === 'fixed') return window;
  const toMs = pausedAt ?? serverClock.now();
  return { fromMs: toMs - window.lengthMs, toMs };
}

/** How the picture came about: nobody should take a bucket's average for a measured value. */
function methodText(state: StoreState, points: number): string {
  const { resolution, truncated } = state.answer ?? { resolution: 'raw', truncated: false };
  const text = resolution === 'raw' ? 'every sample' : `${resolution} buckets: average, min–max band`;
  return `${text}, ${formatCount(points)} ${points === 1 ? 'point' : 'points'}${truncated ? ', cut off: shorten the range' : ''}`;
}

function NothingHere({ newestMs, onZoom, window }: Props & { newestMs: number | null }) {
  const half = window.lengthMs / 2;
  return (
    <Empty
      title="No samples in this range"
      action={
        newestMs !== null && (
          <button
            type="button"
            className={ui.button}
            onClick={() => onZoom(newestMs - half, newestMs + half)}
          >
            Go to the last sample
          </button>
        )
      }
    >
      {newestMs === null ? 'This metric has never had a value.' : undefined}
    </Empty>
  );
}
