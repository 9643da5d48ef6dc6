import { formatAge, formatDateTime, formatDuration, NONE } from '@/lib/format/format';
import { useNow } from '@/lib/time/useNow';

/** How long ago something was, ticking; the exact moment is in the tooltip and for machines. */
export function Age({ time }: { time: string | number | null }) {
  const now = useNow();
  if (time === null) return <span>{NONE}</span>;
  const ms = typeof time === 'number' ? time : Date.parse(time);
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${formatDateTime(ms, 'utc')} UTC`}>
      {formatAge(Math.max(0, now - ms))}
    </time>
  );
}

/** How long something has lasted so far, ticking. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow();
  const ms = Date.parse(since);
  return (
    <time dateTime={since} title={`since ${formatDateTime(ms, 'utc')} UTC`}>
      {formatDuration(Math.floor(Math.max(0, now - ms) / 1000) * 1000)}
    </time>
  );
}
