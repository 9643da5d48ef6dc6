import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TimeZoneChoice } from '@/lib/format/format';
import { formatMoment } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { useNow } from '@/lib/time/useNow';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import { Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { deviceAlertsQuery } from '../api';
import styles from '../device.module.css';

export function DeviceAlerts({ device, tz }: { device: string; tz: TimeZoneChoice }) {
  const { api } = useServices();
  const alerts = useQuery(deviceAlertsQuery(api, device));
  const now = useNow();
  return (
    <Panel title="Alerts" flush>
      {alerts.isPending && (
        <div className={styles.pad}>
          <Skeleton label="Loading alerts…" rows={3} />
        </div>
      )}
      {alerts.isError && <Problem error={alerts.error} onRetry={() => void alerts.refetch()} />}
      {alerts.data?.items.length === 0 && <p className={styles.pad}>No alerts, now or before.</p>}
      {alerts.data && (
        <ul className={styles.alertList}>
          {alerts.data.items.map((alert) => (
            <li key={alert.id}>
              <Link
                to="/alerts"
                search={{
                  device,
                  alert: alert.id,
                  ...(alert.state === 'resolved' ? { state: 'resolved' } : {}),
                }}
              >
                <StatusMark mark={alert.state === 'resolved' ? 'ok' : alert.severity} />
                <span>
                  <strong>{alert.ruleName}</strong>
                  <span className={ui.second}>
                    {alert.state}, {formatMoment(Date.parse(startOf(alert)), now, tz)}
                    {alert.acknowledged && ', acknowledged'}
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const startOf = (alert: {
  firingSince: string | null;
  pendingSince: string | null;
  resolvedAt: string | null;
}): string => alert.resolvedAt ?? alert.firingSince ?? alert.pendingSince ?? '';
