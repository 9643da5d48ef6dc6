import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatBytes, formatCount, formatCounted, NONE } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { Age } from '@/lib/ui/Age';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { quarantineQuery } from '../api';
import styles from '../system.module.css';

interface Props {
  counts: readonly { reason: string; count24h: number }[];
  reason: string | undefined;
  onReason: (reason: string | undefined) => void;
}

/** What could not be used, by reason, with the payload as it came. */
export function Quarantine({ counts, reason, onReason }: Props) {
  const { api } = useServices();
  const messages = useQuery(quarantineQuery(api, reason));
  const total = counts.reduce((sum, each) => sum + each.count24h, 0);
  const most = Math.max(1, ...counts.map((each) => each.count24h));
  return (
    <Panel
      title="Quarantine"
      note={`${formatCounted(total, 'message')} in 24 h`}
      flush
      refreshing={messages.isPlaceholderData}
    >
      {counts.length > 0 && (
        <ul className={styles.reasons}>
          {counts.map((each) => (
            <li key={each.reason}>
              <button
                type="button"
                className={styles.reason}
                aria-pressed={reason === each.reason}
                onClick={() => onReason(reason === each.reason ? undefined : each.reason)}
              >
                <code>{each.reason}</code>
                <span className={styles.meter} aria-hidden="true">
                  <span style={{ width: `${Math.max(1, (each.count24h / most) * 100)}%` }} />
                </span>
                <span className={styles.count}>{formatCount(each.count24h)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {messages.isPending && (
        <div className={styles.pad}>
          <Skeleton label="Loading messages…" />
        </div>
      )}
      {messages.isError && <Problem error={messages.error} onRetry={() => void messages.refetch()} />}
      {messages.data?.items.length === 0 &&
        (reason ? (
          <Empty title={`No message with reason ${reason}`} />
        ) : (
          <div className={styles.calm}>
            <StatusMark mark="ok" size={20} />
            Nothing is in quarantine: every message could be used.
          </div>
        ))}
      {messages.data && messages.data.items.length > 0 && (
        <ul className={styles.messages}>
          {messages.data.items.map((message) => (
            <li key={message.id}>
              <details>
                <summary>
                  <code className={styles.code}>{message.reason}</code>
                  <span className={styles.what}>
                    <strong>{message.device ?? 'unknown device'}</strong>
                    <span className={ui.second}>{message.detail ?? ''}</span>
                  </span>
                  <span className={`${ui.dim} ${styles.age}`}>
                    <Age time={message.receivedAt} />
                  </span>
                </summary>
                <dl className={ui.facts}>
                  <dt>Topic</dt>
                  <dd>
                    <code>{message.topic ?? NONE}</code>
                  </dd>
                  <dt>Came by</dt>
                  <dd>
                    {message.transport ?? NONE}, {formatBytes(message.size)}
                  </dd>
                  {message.device && (
                    <>
                      <dt>Device</dt>
                      <dd>
                        <Link to="/devices/$deviceId" params={{ deviceId: message.device }}>
                          {message.device}
                        </Link>
                      </dd>
                    </>
                  )}
                </dl>
                {message.payloadPreview && <code className={ui.code}>{message.payloadPreview}</code>}
              </details>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
