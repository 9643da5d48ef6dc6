import type { Stage } from '@/lib/api/types';
import { formatAge, formatCount, formatDuration, formatRate, NONE } from '@/lib/format/format';
import { cx } from '@/lib/ui/cx';
import { STAGE_MARKS, STAGE_WORDS } from '@/lib/ui/marks';
import { Panel } from '@/lib/ui/Panel';
import { Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../system.module.css';

const MEANING: Record<string, string> = {
  devices: 'send readings',
  gateway: 'accepts and checks them',
  kafka: 'keeps them in order',
  stream: 'windows, presence, alerts',
  writer: 'writes to the store',
  store: 'answers history',
  api: 'serves this page',
};

/** From the device to this page: the first stage that is not well is where to look. */
export function Pipeline({ stages }: { stages: readonly Stage[] }) {
  const trouble = stages.filter((stage) => stage.state === 'degraded' || stage.state === 'down');
  return (
    <Panel title="Pipeline" note={summary(stages, trouble)} flush>
      <ol className={styles.strip}>
        {stages.map((stage) => (
          <li key={stage.id} className={cx(styles.stage, styles[stage.state])}>
            <div className={styles.stageHead}>
              <h3>{stage.name || stage.id}</h3>
              <Status mark={STAGE_MARKS[stage.state]}>{STAGE_WORDS[stage.state]}</Status>
            </div>
            <p className={styles.meaning}>{MEANING[stage.id] ?? ''}</p>
            <dl className={styles.figures}>
              <dt>Rate</dt>
              <dd>{stage.ratePerSecond === null ? NONE : `${formatRate(stage.ratePerSecond)}\u2009/s`}</dd>
              <dt>Lag</dt>
              <dd>{stage.lagSeconds === null ? NONE : formatDuration(stage.lagSeconds * 1000)}</dd>
              <dt>Backlog</dt>
              <dd>{formatCount(stage.lagRecords)}</dd>
              <dt>Heard</dt>
              <dd>{stage.ageSeconds === null ? NONE : formatAge(stage.ageSeconds * 1000)}</dd>
              <dt>Errors/min</dt>
              <dd className={stage.errors ? styles.bad : undefined}>{formatCount(stage.errors)}</dd>
              <dt>Instances</dt>
              <dd>{stage.instances.length > 0 ? stage.instances.length : NONE}</dd>
            </dl>
            {stage.detail && <p className={styles.detail}>{stage.detail}</p>}
          </li>
        ))}
      </ol>
      {stages.length === 0 && <p className={ui.message}>The API knows no stage.</p>}
    </Panel>
  );
}

function summary(stages: readonly Stage[], trouble: readonly Stage[]): string {
  const [first] = trouble;
  if (first)
    return `${STAGE_WORDS[first.state]}: ${trouble.map((stage) => stage.name || stage.id).join(', ')}`;
  const unknown = stages.filter((stage) => stage.state === 'unknown').length;
  return unknown > 0 ? `${unknown} without a report` : 'all stages well';
}
