import { useEffect } from 'react';
import { formatDateTime, formatTime, type TimeZoneChoice, zoneLabel } from '@/lib/format/format';
import { LIVE_WINDOW_MS, PRESETS, type TimeWindow } from '@/lib/time/range';
import { serverClock } from '@/lib/time/serverClock';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';
import type { DeviceSearch } from '../search';

interface Props {
  search: Partial<DeviceSearch>;
  window: TimeWindow;
  tz: TimeZoneChoice;
  pausedAt: number | null;
  unseen: number;
  onChange: (search: Partial<DeviceSearch>) => void;
  onPause: (at: number | null) => void;
}

/** What the charts show: how long, up to when, in which zone, and whether they move. */
export function RangeBar({ search, window, tz, pausedAt, unseen, onChange, onPause }: Props) {
  const live = window.mode === 'live';
  const zone = search.tz ? { tz: search.tz } : {};
  const toggle = () => onPause(pausedAt === null ? serverClock.now() : null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== ' ' || !live || target.closest('input, textarea, select, button, a')) return;
      event.preventDefault();
      onPause(pausedAt === null ? serverClock.now() : null);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [live, pausedAt, onPause]);

  return (
    <div className={styles.range}>
      <fieldset className={ui.segments}>
        <legend className="visually-hidden">Time range</legend>
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={live && window.preset === preset}
            onClick={() => onChange({ ...zone, ...(preset === '15m' ? {} : { range: preset }) })}
          >
            {preset}
          </button>
        ))}
      </fieldset>
      {live ? (
        <>
          <button type="button" className={ui.button} onClick={toggle} title="Space">
            {pausedAt === null ? '❚❚ Pause' : '▶ Resume'}
          </button>
          <span role="status" className={ui.status}>
            <StatusMark mark={pausedAt === null ? 'ok' : 'none'} />
            {modeText(window, pausedAt, unseen, tz)}
          </span>
        </>
      ) : (
        <>
          <button
            type="button"
            className={ui.button}
            onClick={() => onChange({ ...zone, ...rangeOf(search) })}
          >
            Back to live
          </button>
          <span className={ui.second}>
            {formatDateTime(window.fromMs, tz)} – {formatDateTime(window.toMs, tz)}
          </span>
        </>
      )}
      <button
        type="button"
        className={`${ui.button} ${ui.quiet} ${styles.zone}`}
        aria-label={`Time zone ${zoneLabel(tz, serverClock.now())}. Change`}
        onClick={() => onChange({ ...rest(search), ...(tz === 'utc' ? {} : { tz: 'utc' }) })}
      >
        {zoneLabel(tz, serverClock.now())}
        {tz === 'local' && <span className={styles.zoneOf}> (this browser)</span>}
      </button>
    </div>
  );
}

function modeText(window: TimeWindow, pausedAt: number | null, unseen: number, tz: TimeZoneChoice): string {
  if (pausedAt !== null) return `Paused at ${formatTime(pausedAt, tz)}${unseen > 0 ? `, ${unseen} new` : ''}`;
  return window.lengthMs <= LIVE_WINDOW_MS ? 'Live, every sample' : 'Live, refreshed now and then';
}

const rangeOf = ({ range }: Partial<DeviceSearch>): Partial<DeviceSearch> => (range ? { range } : {});

function rest({ range, from, to, table }: Partial<DeviceSearch>): Partial<DeviceSearch> {
  return { ...(range ? { range } : {}), ...(from && to ? { from, to } : {}), ...(table ? { table } : {}) };
}
