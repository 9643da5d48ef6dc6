import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { AlertDetail } from '@/lib/api/types';
import { formatDateTime, formatDuration, formatValue, NONE } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { useNow } from '@/lib/time/useNow';
import { Drawer } from '@/lib/ui/Drawer';
import { SEVERITY_WORDS } from '@/lib/ui/marks';
import { Status, StatusMark } from '@/lib/ui/StatusMark';
import { Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import styles from '../alerts.module.css';
import { alertQuery } from '../api';
import { explained } from '../model/explanation';
import { useAcknowledge } from '../model/useAcknowledge';

/** Half the width of the window that the link to the chart opens. */
const AROUND_MS = 30 * 60_000;

/** One alert: why it fired, what happened since, and what may be done. */
export function AlertDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useServices();
  const alert = useQuery(alertQuery(api, id));
  const data = alert.data;
  const title = data ? (
    <>
      <StatusMark mark={data.state === 'resolved' ? 'ok' : data.severity} size={16} />
      {data.ruleName}
    </>
  ) : (
    'Alert'
  );
  return (
    <Drawer
      title={title}
      label={data ? `Alert ${data.ruleName} of ${data.device}` : 'Alert'}
      onClose={onClose}
    >
      {alert.isPending && <Skeleton label="Loading the alert…" rows={8} />}
      {alert.isError && <Problem error={alert.error} onRetry={() => void alert.refetch()} />}
      {data && <Body alert={data} />}
    </Drawer>
  );
}

function Body({ alert }: { alert: AlertDetail }) {
  const began = Date.parse(alert.firingSince ?? alert.pendingSince ?? alert.resolvedAt ?? '');
  const chart = Number.isNaN(began)
    ? {}
    : { from: new Date(began - AROUND_MS).toISOString(), to: new Date(began + AROUND_MS).toISOString() };
  return (
    <>
      {alert.explanation && <p className={styles.explanation}>{explained(alert.explanation, 'local')}</p>}
      <dl className={ui.facts}>
        <dt>State</dt>
        <dd>
          <Status mark={alert.state === 'resolved' ? 'ok' : alert.severity}>
            {SEVERITY_WORDS[alert.severity]}, {alert.state}
          </Status>
        </dd>
        <dt>Device</dt>
        <dd>
          <Link to="/devices/$deviceId" params={{ deviceId: alert.device }}>
            {alert.device}
          </Link>
          {alert.site && <span className={ui.second}> at {alert.site}</span>}
        </dd>
        {alert.metric && (
          <>
            <dt>Metric</dt>
            <dd>
              <Link to="/devices/$deviceId" params={{ deviceId: alert.device }} search={chart}>
                {alert.metric}, ± 30 min
              </Link>
            </dd>
          </>
        )}
        {alert.value !== null && (
          <>
            <dt>Value / limit</dt>
            <dd>
              {formatValue(alert.value, null)} / {formatValue(alert.threshold, null)}
            </dd>
          </>
        )}
        <dt>Rule</dt>
        <dd>
          <Link to="/rules/$ruleId" params={{ ruleId: alert.ruleId }}>
            {alert.ruleName}
          </Link>
          {alert.ruleVersion !== null && <span className={ui.second}> version {alert.ruleVersion}</span>}
        </dd>
        <dt>Duration</dt>
        <dd>
          <Duration alert={alert} />
        </dd>
      </dl>
      <Acknowledgement alert={alert} />
      <section className={styles.history}>
        <h3>What happened</h3>
        <ol>
          {alert.transitions.map((step) => (
            <li key={step.id}>
              <span className={styles.step}>
                <StatusMark
                  mark={step.to === 'firing' ? alert.severity : step.to === 'resolved' ? 'ok' : 'unknown'}
                />
                <strong>{step.to}</strong>
                <time dateTime={step.at} className={ui.second}>
                  {formatDateTime(Date.parse(step.at), 'local')}
                </time>
              </span>
              {step.explanation && <p className={ui.second}>{explained(step.explanation, 'local')}</p>}
              {step.dataTime !== null && Math.abs(Date.parse(step.at) - Date.parse(step.dataTime)) > 1000 && (
                <p className={ui.dim}>by data of {formatDateTime(Date.parse(step.dataTime), 'local')}</p>
              )}
            </li>
          ))}
          {alert.transitions.length === 0 && <li className={ui.second}>No transitions are recorded.</li>}
        </ol>
      </section>
    </>
  );
}

function Duration({ alert }: { alert: AlertDetail }) {
  const now = useNow();
  const start = alert.firingSince ?? alert.pendingSince;
  if (start === null) return NONE;
  const end = alert.resolvedAt === null ? now : Date.parse(alert.resolvedAt);
  return `${formatDuration(end - Date.parse(start))}${alert.resolvedAt === null ? ' so far' : ''}`;
}

function Acknowledgement({ alert }: { alert: AlertDetail }) {
  const [comment, setComment] = useState('');
  const field = useId();
  const mutation = useAcknowledge();
  if (alert.acknowledged) {
    return (
      <div className={styles.acknowledged}>
        <Status mark="ok">
          Acknowledged{alert.acknowledged.by ? ` by ${alert.acknowledged.by}` : ''},{' '}
          {formatDateTime(Date.parse(alert.acknowledged.at), 'local')}
        </Status>
        {alert.comment && <p className={ui.second}>{alert.comment}</p>}
      </div>
    );
  }
  if (!alert.allowedActions.includes('acknowledge')) {
    return alert.state === 'resolved' ? null : (
      <p className={ui.second}>Not acknowledged. Your role may read alerts but not acknowledge them.</p>
    );
  }
  return (
    <form
      className={styles.acknowledge}
      onSubmit={(event) => {
        event.preventDefault();
        mutation.mutate({ id: alert.id, comment: comment.trim() });
      }}
    >
      <label htmlFor={field}>Comment (optional)</label>
      <textarea
        id={field}
        className={ui.input}
        rows={2}
        maxLength={1000}
        value={comment}
        placeholder="What you found or do about it"
        onChange={(event) => setComment(event.target.value)}
      />
      {mutation.isError && <Problem error={mutation.error} />}
      <button type="submit" className={`${ui.button} ${ui.primary}`} disabled={mutation.isPending}>
        {mutation.isPending ? 'Acknowledging…' : 'Acknowledge'}
      </button>
    </form>
  );
}
