import type { PresenceState } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { PRESENCE_WORDS } from '@/lib/time/freshness';
import { cx } from './cx';
import styles from './ProportionBar.module.css';

const ORDER: PresenceState[] = ['reporting', 'late', 'silent', 'offline', 'unknown'];

/** Shares of the presence states side by side. A share that exists is at least 3 px wide: one of a thousand shows. */
export function ProportionBar({
  counts,
  slim = false,
}: {
  counts: Partial<Record<PresenceState, number>>;
  slim?: boolean;
}) {
  const parts = ORDER.map((state) => ({ state, count: counts[state] ?? 0 })).filter((part) => part.count > 0);
  const words = parts
    .map((part) => `${formatCount(part.count)} ${PRESENCE_WORDS[part.state].toLowerCase()}`)
    .join(', ');
  return (
    <div
      className={cx(styles.bar, slim && styles.slim)}
      role="img"
      aria-label={words || 'no devices'}
      title={words}
    >
      {parts.map((part) => (
        <span key={part.state} className={styles[part.state]} style={{ flexGrow: part.count }} />
      ))}
    </div>
  );
}
