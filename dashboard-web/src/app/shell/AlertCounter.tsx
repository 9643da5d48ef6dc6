import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { fleetQuery } from '@/lib/api/shared';
import { formatCount } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { setCriticalCount } from '@/lib/ui/documentTitle';
import { StatusMark } from '@/lib/ui/StatusMark';
import styles from './shell.module.css';

/** Open alerts by severity; the same numbers as on the overview, from the same answer. */
export function AlertCounter() {
  const { api } = useServices();
  const { data } = useQuery(fleetQuery(api));
  const critical = data?.alerts.critical ?? 0;
  const warning = data?.alerts.warning ?? 0;
  useEffect(() => setCriticalCount(critical), [critical]);
  if (!data) return null;
  const none = critical + warning === 0;
  return (
    <Link
      to="/alerts"
      className={styles.chip}
      aria-label={none ? 'No open alerts' : `Open alerts: ${critical} critical, ${warning} warning`}
    >
      {none && (
        <>
          <StatusMark mark="ok" /> <span className={styles.wideOnly}>No alerts</span>
        </>
      )}
      {critical > 0 && (
        <span className={styles.counted}>
          <StatusMark mark="critical" /> {formatCount(critical)}
        </span>
      )}
      {warning > 0 && (
        <span className={styles.counted}>
          <StatusMark mark="warning" /> {formatCount(warning)}
        </span>
      )}
    </Link>
  );
}
