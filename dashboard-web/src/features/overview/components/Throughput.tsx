import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { systemQuery } from '@/lib/api/shared';
import type { FleetSummary } from '@/lib/api/types';
import { formatDuration, formatRate, NONE } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { STAGE_MARKS, STAGE_WORDS } from '@/lib/ui/marks';
import { Panel } from '@/lib/ui/Panel';
import { Sparkline } from '@/lib/ui/Sparkline';
import { Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import { useTrend } from '../model/useTrend';
import styles from '../overview.module.css';

/** How much flows, and how long it takes from a device to a stored value. */
export function Throughput({ summary }: { summary: FleetSummary }) {
  const { api } = useServices();
  const system = useQuery(systemQuery(api));
  const { rates, lag } = summary;
  const readings = useTrend('readings', Date.parse(summary.at), rates.readingsPerSecond);
  const delay = useTrend('lag', Date.parse(summary.at), lag?.secondsP99 ?? null);
  return (
    <Panel
      fill
      title="Data flow"
      actions={
        <Link to="/system" className={`${ui.button} ${ui.small}`}>
          Pipeline
        </Link>
      }
    >
      <dl className={styles.flow}>
        <div>
          <dt>Readings</dt>
          <dd>
            <span className={styles.big}>{formatRate(rates.readingsPerSecond)}</span> /s
          </dd>
          <dd className={ui.dim}>{formatRate(rates.measurementsPerSecond)} measurements/s</dd>
          <dd>
            <Sparkline points={readings} label="Readings per second since this page was opened" />
          </dd>
        </div>
        <div>
          <dt>Device to store, p50</dt>
          <dd>
            <span className={styles.big}>
              {lag?.secondsP50 == null ? NONE : formatDuration(lag.secondsP50 * 1000)}
            </span>
          </dd>
          <dd className={ui.dim}>
            p99 {lag?.secondsP99 == null ? NONE : formatDuration(lag.secondsP99 * 1000)}
          </dd>
          <dd>
            <Sparkline points={delay} label="99th percentile of the lag since this page was opened" />
          </dd>
        </div>
      </dl>
      {system.data && (
        <ul className={styles.stages} aria-label="Stages of the pipeline">
          {system.data.stages.map((stage) => (
            <li key={stage.id}>
              <Status mark={STAGE_MARKS[stage.state]}>
                {stage.name || stage.id}
                {stage.state !== 'ok' && `: ${STAGE_WORDS[stage.state].toLowerCase()}`}
              </Status>
            </li>
          ))}
        </ul>
      )}
      <p className={styles.through}>
        {summary.dataThrough ? (
          <>
            Stored: all that was received up to <Age time={summary.dataThrough} />
          </>
        ) : (
          'How far the store is, the writer has not told yet.'
        )}
      </p>
    </Panel>
  );
}
