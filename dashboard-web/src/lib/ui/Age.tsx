import { formatAge, formatDateTime, NONE } from '@/lib/format/format';
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
