import { Link } from '@tanstack/react-router';
import type { FleetSummary } from '@/lib/api/types';
import { formatCounted } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { SEVERITY_WORDS } from '@/lib/ui/marks';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../overview.module.css';

/** Open alerts as an operator thinks of them: one line per rule and site, not one per device. */
export function Attention({ summary }: { summary: FleetSummary }) {
  const groups = summary.attention;
  return (
    <Panel
      title="Needs attention"
      note={groups.length > 0 ? 'by rule and site' : undefined}
      flush
      actions={
        <Link to="/alerts" className={`${ui.button} ${ui.small}`}>
          All alerts
        </Link>
      }
    >
      {groups.length === 0 ? (
        <div className={styles.calm}>
          <StatusMark mark="ok" size={20} />
          <span>
            <strong>No open alerts.</strong> {formatCounted(summary.devices.total, 'device')}, checked{' '}
            <Age time={summary.at} />.
          </span>
        </div>
      ) : (
        <ul className={styles.attention}>
          {groups.map((group) => (
            <li key={`${group.ruleId}/${group.site ?? ''}`}>
              <Link
                to="/alerts"
                search={{ rule: group.ruleId, ...(group.site ? { site: group.site } : {}) }}
                className={styles.attentionRow}
              >
                <StatusMark mark={group.severity} size={14} />
                <span className={styles.attentionName}>
                  <span className="visually-hidden">{SEVERITY_WORDS[group.severity]}: </span>
                  <strong>{group.ruleName}</strong>
                  <span className={ui.second}>{group.site ?? 'no site'}</span>
                </span>
                <span className={styles.attentionCount}>{formatCounted(group.devices, 'device')}</span>
                <span className={`${ui.dim} ${styles.attentionAge}`}>
                  <Age time={group.since} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
