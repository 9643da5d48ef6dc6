import type { Stage } from '@/lib/api/types';
import { formatDuration, formatTime } from '@/lib/format/format';
import type { Link } from '@/lib/stream/streamHub';
import type { Mark } from '@/lib/ui/StatusMark';

export interface ChipText {
  mark: Mark;
  text: string;
  /** Short text for narrow screens. */
  short: string;
}

/** A pipeline further behind than this is called delayed. */
export const DELAYED_MS = 10_000;

/** How far behind the pipeline is: the worst stage that says so; null when none does. */
export function pipelineLagMs(stages: readonly Stage[] | undefined): number | null {
  const lags = (stages ?? []).flatMap((stage) =>
    stage.lagSeconds === null ? [] : [stage.lagSeconds * 1000],
  );
  return lags.length > 0 ? Math.max(...lags) : null;
}

/** The worst of link and pipeline, in one word and one number. */
export function chipOf(link: Link, lagMs: number | null, browserNowMs: number): ChipText {
  switch (link.phase) {
    case 'refused':
      return link.httpStatus === 403
        ? { mark: 'critical', text: 'No permission for live data', short: 'No live data' }
        : { mark: 'critical', text: 'Live data refused', short: 'No live data' };
    case 'offline':
      return {
        mark: 'offline',
        text: `Offline: data to ${formatTime(link.dataTo ?? browserNowMs, 'local')}`,
        short: 'Offline',
      };
    case 'reconnecting': {
      const wait = link.retryAt === null ? null : Math.max(0, link.retryAt - browserNowMs);
      return {
        mark: 'late',
        text:
          wait === null
            ? 'Reconnecting…'
            : `Reconnecting in ${formatDuration(Math.ceil(wait / 1000) * 1000)}`,
        short: 'Reconnecting',
      };
    }
    case 'connecting':
      return { mark: 'unknown', text: 'Connecting…', short: 'Connecting' };
    case 'paused':
      return { mark: 'none', text: 'Paused while hidden', short: 'Paused' };
    case 'live':
      if (lagMs !== null && lagMs > DELAYED_MS) {
        const delay = formatDuration(lagMs);
        return { mark: 'late', text: `Delayed ${delay} (pipeline)`, short: `Delayed ${delay}` };
      }
      return {
        mark: 'ok',
        // Below a second the number would only flicker; the popover and the system page have it.
        text: lagMs === null || lagMs < 1000 ? 'Live' : `Live ${formatDuration(lagMs)}`,
        short: 'Live',
      };
  }
}
