import type { Alert } from '@/lib/api/types';
import { formatCount, formatCounted } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { cx } from '@/lib/ui/cx';
import { SEVERITY_WORDS } from '@/lib/ui/marks';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../alerts.module.css';
import { explained } from '../model/explanation';
import { type AlertGroup, sinceOf } from '../model/grouping';

interface Props {
  /** Null: one flat list. */
  groups: AlertGroup[] | null;
  alerts: Alert[];
  onOpen: (id: string) => void;
}

/** A group of more than this is closed at first. */
const OPEN_UP_TO = 8;

export function AlertList({ groups, alerts, onOpen }: Props) {
  if (groups === null) return <Rows alerts={alerts} onOpen={onOpen} withRule />;
  return (
    <div>
      {groups.map((group) => (
        <details key={group.key} className={styles.groupBox} open={group.alerts.length <= OPEN_UP_TO}>
          <summary className={styles.groupHead}>
            <svg className={styles.arrow} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <path d="M3 1.5 7 5 3 8.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
            </svg>
            <StatusMark mark={group.severity} size={14} />
            <span className={styles.groupName}>
              <span className="visually-hidden">{SEVERITY_WORDS[group.severity]}: </span>
              <strong>{group.ruleName}</strong>
              <span className={ui.second}>{group.site ?? 'no site'}</span>
            </span>
            <span className={ui.second}>
              {formatCounted(group.alerts.length, 'alert')}
              {group.unacknowledged < group.alerts.length &&
                `, ${formatCount(group.unacknowledged)} not acknowledged`}
            </span>
            <span className={cx(ui.dim, styles.age)}>
              <Age time={group.since} />
            </span>
          </summary>
          <Rows alerts={group.alerts} onOpen={onOpen} withRule={false} />
        </details>
      ))}
    </div>
  );
}

function Rows({
  alerts,
  onOpen,
  withRule,
}: {
  alerts: Alert[];
  onOpen: (id: string) => void;
  withRule: boolean;
}) {
  return (
    <ul className={styles.rows}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <button type="button" className={styles.alert} onClick={() => onOpen(alert.id)}>
            <StatusMark mark={alert.state === 'resolved' ? 'ok' : alert.severity} />
            <span className={styles.device}>
              <span className="visually-hidden">{SEVERITY_WORDS[alert.severity]}: </span>
              {withRule && <strong>{alert.ruleName} </strong>}
              <span className={withRule ? ui.second : styles.strong}>{alert.device}</span>
            </span>
            <span className={cx(ui.second, styles.why)}>
              {alert.explanation ? explained(alert.explanation, 'local') : (alert.metric ?? alert.kind)}
            </span>
            <span className={styles.state}>
              {alert.state === 'pending' && <span className={ui.tag}>pending</span>}
              {alert.acknowledged && <span className={ui.tag}>acknowledged</span>}
            </span>
            <span className={cx(ui.dim, styles.age)}>
              <Age time={sinceOf(alert)} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
