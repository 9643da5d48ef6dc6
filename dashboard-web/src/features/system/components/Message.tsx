import { Link } from '@tanstack/react-router';
import type { QuarantinedMessage, ReplayResult } from '@/lib/api/types';
import { formatBytes, formatCount, NONE } from '@/lib/format/format';
import { Age } from '@/lib/ui/Age';
import { type Mark, Status } from '@/lib/ui/StatusMark';
import ui from '@/lib/ui/ui.module.css';
import styles from '../system.module.css';

const MARKS: Record<string, Mark> = {
  accepted: 'ok',
  partial: 'warning',
  refused: 'critical',
  failed: 'critical',
};
const WORDS: Record<string, [done: string, would: string]> = {
  accepted: ['Accepted', 'Would be accepted'],
  partial: ['Partly accepted', 'Would be partly accepted'],
  refused: ['Refused again', 'Would be refused again'],
  failed: ['Not taken', 'Not taken'],
  'already-replayed': ['Replayed before', 'Replayed before'],
  'not-replayable': ['Cannot be replayed', 'Cannot be replayed'],
  unknown: ['Gone', 'Gone'],
};

interface Props {
  message: QuarantinedMessage;
  result: (ReplayResult & { dryRun: boolean }) | undefined;
  isPicked: boolean;
  /** Absent where it cannot be chosen. */
  onPick: ((id: string, isPicked: boolean) => void) | undefined;
}

/** One refused message: why, what can be done, what it was, and what came of taking it again. */
export function Message({ message, result, isPicked, onPick }: Props) {
  const shown = result ?? (message.replay && { ...message.replay, preview: [], dryRun: false });
  return (
    <li className={styles.message}>
      <span className={styles.pick}>
        {onPick && (
          <input
            type="checkbox"
            aria-label={`Choose ${message.reason} of ${message.device ?? 'unknown device'}`}
            checked={isPicked}
            onChange={(event) => onPick(message.id, event.target.checked)}
          />
        )}
      </span>
      <div>
        <details>
          <summary>
            <code className={styles.code}>{message.reason}</code>
            <span className={styles.what}>
              <strong>
                {message.device ?? 'unknown device'}
                {message.count > 1 && ` ×${formatCount(message.count)}`}
              </strong>
              <span className={ui.second}>{message.detail ?? ''}</span>
            </span>
            <span className={`${ui.dim} ${styles.age}`}>
              <Age time={message.lastReceivedAt ?? message.receivedAt} />
            </span>
          </summary>
          {message.hint && <p>{message.hint}</p>}
          <dl className={ui.facts}>
            <dt>Topic</dt>
            <dd>
              <code>{message.topic ?? NONE}</code>
            </dd>
            <dt>Came by</dt>
            <dd>
              {message.transport ?? NONE}, {formatBytes(message.size)}
              {message.contentType && `, ${message.contentType}`}
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
            {message.notReplayable && (
              <>
                <dt>Replay</dt>
                <dd>{message.notReplayable}</dd>
              </>
            )}
          </dl>
          {message.payloadPreview && <code className={ui.code}>{message.payloadPreview}</code>}
        </details>
        {shown && (
          <div className={styles.outcome}>
            <Status mark={MARKS[shown.outcome] ?? 'unknown'}>
              {WORDS[shown.outcome]?.[shown.dryRun ? 1 : 0] ?? shown.outcome}
            </Status>
            <span className={ui.second}>{shown.detail ?? ''}</span>
            {shown.preview.length > 0 && (
              <code className={ui.code}>
                {shown.preview.map((sample) => `${sample.ts} ${sample.metric} = ${sample.value}`).join('\n')}
              </code>
            )}
          </div>
        )}
      </div>
    </li>
  );
}
