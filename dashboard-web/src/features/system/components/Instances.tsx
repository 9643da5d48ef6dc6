import type { Stage } from '@/lib/api/types';
import { NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { Panel } from '@/lib/ui/Panel';
import { type Mark, Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../system.module.css';

const MARKS: Record<string, Mark> = { up: 'ok', ok: 'ok', degraded: 'warning', down: 'critical' };

/** Which processes there are, since when, and when each last said that it lives. */
export function Instances({ stages }: { stages: readonly Stage[] }) {
  const rows = stages.flatMap((stage) => stage.instances.map((instance) => ({ stage, instance })));
  return (
    <Panel title="Instances" flush>
      {rows.length === 0 ? (
        <p className={styles.pad}>No instance has reported.</p>
      ) : (
        <ul className={styles.instances}>
          {rows.map(({ stage, instance }) => (
            <li key={`${stage.id}/${instance.instance}`}>
              <span className={styles.instanceName}>
                <strong>{stage.name || stage.id}</strong>
                <code className={ui.dim}>{instance.instance}</code>
              </span>
              <Status mark={MARKS[instance.state] ?? 'unknown'}>{instance.state}</Status>
              <span className={ui.dim}>
                {instance.version ?? NONE}, started <Age time={instance.startedAt} />, heard{' '}
                <Age time={instance.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
