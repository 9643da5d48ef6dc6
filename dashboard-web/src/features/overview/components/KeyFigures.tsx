import { Link } from '@tanstack/react-router';
import type { FleetSummary, PresenceState, Severity } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { PRESENCE_WORDS } from '@/lib/time/freshness';
import { PRESENCE_MARKS, SEVERITY_WORDS } from '@/lib/ui/marks';
import { ProportionBar } from '@/lib/ui/ProportionBar';
import { StatusMark } from '@/lib/ui/StatusMark';
import styles from '../overview.module.css';

const STATES: PresenceState[] = ['reporting', 'late', 'silent', 'offline', 'unknown'];
const SEVERITIES: Severity[] = ['critical', 'warning'];

/** Every number is a link to the list of what it counts. */
export function KeyFigures({ summary }: { summary: FleetSummary }) {
  const { devices, alerts } = summary;
  return (
    <section aria-label="Key figures" className={styles.figures}>
      <div className={styles.fleet}>
        <div className={styles.group}>
          <span className={styles.groupName}>Devices</span>
          <Link to="/devices" className={styles.groupTotal}>
            {formatCount(devices.total)} in all
          </Link>
        </div>
        <div className={styles.tiles}>
          {STATES.filter((state) => state !== 'unknown' || devices.unknown > 0).map((state) => (
            <Link key={state} to="/devices" search={{ q: `status:${state}` }} className={styles.tile}>
              <span className={styles.tileName}>
                <StatusMark mark={PRESENCE_MARKS[state]} />
                {PRESENCE_WORDS[state]}
              </span>
              <span className={styles.tileValue}>{formatCount(devices[state])}</span>
            </Link>
          ))}
        </div>
        <ProportionBar counts={devices} />
      </div>
      <div className={styles.alerts}>
        <div className={styles.group}>
          <span className={styles.groupName}>Open alerts</span>
          <Link to="/alerts" search={{ ack: 'no' }} className={styles.groupTotal}>
            {formatCount(alerts.unacknowledged)} not acknowledged
          </Link>
        </div>
        <div className={styles.tiles}>
          {SEVERITIES.map((severity) => (
            <Link
              key={severity}
              to="/alerts"
              search={{ severity }}
              className={`${styles.tile} ${alerts[severity] > 0 ? styles[severity] : ''}`}
            >
              <span className={styles.tileName}>
                <StatusMark mark={alerts[severity] > 0 ? severity : 'none'} />
                {SEVERITY_WORDS[severity]}
              </span>
              <span className={styles.tileValue}>{formatCount(alerts[severity])}</span>
            </Link>
          ))}
        </div>
      </div>
    </section>
  );
}
