import type { ReactNode } from 'react';
import type { MatchPreview, ReplayTally } from '@/lib/api/types';
import { formatCount, formatCounted } from '@/lib/format/format';
import { Problem } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import type { MatchingRun } from '../model/matchingRun';
import styles from '../system.module.css';

interface Props {
  run: MatchingRun;
  onGo: () => void;
  onStop: () => void;
  onClose: () => void;
}

/** What replaying all that match would mean, and once it runs, how far it is. */
export function ReplayAll({ run, onGo, onStop, onClose }: Props) {
  const { preview, taken, left, leftIsExact } = run;
  if (run.phase === 'idle' || run.phase === 'asking') return null;
  const rest = `${leftIsExact ? '' : 'more than '}${formatCounted(left, 'message')}`;
  return (
    <section aria-label="Replay of all that match" className={styles.matching}>
      {run.phase === 'asked' && preview && <Asked preview={preview} rest={rest} />}
      {run.phase !== 'asked' && taken.rows + left > 0 && (
        <>
          <progress
            className={styles.taken}
            aria-label="Messages taken again"
            value={taken.rows}
            max={taken.rows + left}
          />
          <p role="status">
            <strong>{HEADINGS[run.phase]}</strong> {formatCounted(taken.rows, 'message')} taken again
            {taken.rows > 0 && `: ${wordsOf(taken, DONE)}`}.{left > 0 && ` ${rest} left.`}
          </p>
          <Refusals tally={taken} />
        </>
      )}
      {run.phase === 'failed' && <Problem error={run.error} />}
      <div className={styles.matchingActions}>
        {run.phase === 'asked' && run.cursor !== null && (
          <Button isPrimary onClick={onGo}>{`Replay ${rest}`}</Button>
        )}
        {run.phase === 'running' && <Button onClick={onStop}>Stop</Button>}
        {(run.phase === 'stopped' || run.phase === 'failed') && run.cursor !== null && (
          <Button isPrimary onClick={onGo}>
            Go on
          </Button>
        )}
        {run.phase !== 'running' && (
          <Button onClick={onClose}>
            {run.phase === 'asked' && run.cursor !== null ? 'Cancel' : 'Close'}
          </Button>
        )}
      </div>
    </section>
  );
}

const HEADINGS = {
  running: 'Replaying, oldest first.',
  stopped: 'Stopped.',
  failed: 'Interrupted.',
  done: 'Done.',
} as const;

type Words = Record<'accepted' | 'partial' | 'refused' | 'failed', string>;
const DONE: Words = {
  accepted: 'accepted',
  partial: 'accepted in part',
  refused: 'refused again',
  failed: 'not taken by Kafka in time',
};
const WOULD: Words = { ...DONE, accepted: 'would be accepted' };

function wordsOf(tally: ReplayTally, words: Words): string {
  return (['accepted', 'partial', 'refused', 'failed'] as const)
    .filter((outcome) => tally[outcome] > 0)
    .map((outcome) => `${formatCount(tally[outcome])} ${words[outcome]}`)
    .join(', ');
}

function Asked({ preview, rest }: { preview: MatchPreview; rest: string }) {
  const reasons = Object.entries(preview.reasons);
  const leftOut = [
    preview.alreadyReplayed > 0 && `${formatCount(preview.alreadyReplayed)} accepted by a replay before`,
    preview.notReplayable > 0 && `${formatCount(preview.notReplayable)} that cannot be replayed`,
  ].filter(Boolean);
  return (
    <>
      <p role="status">
        <strong>
          {preview.replayable === 0 ? 'Nothing would be taken again.' : `${rest} would be taken again.`}
        </strong>
        {leftOut.length > 0 && ` Left out: ${leftOut.join(' and ')}.`}
        {reasons.length > 1 &&
          ` By reason: ${reasons.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')}.`}
      </p>
      {preview.sample.rows > 0 && (
        <p>
          {`The gateway looked at the oldest ${formatCount(preview.sample.rows)} of them: ${wordsOf(preview.sample, WOULD)}.`}
        </p>
      )}
      <Refusals tally={preview.sample} />
    </>
  );
}

function Refusals({ tally }: { tally: ReplayTally }) {
  if (tally.refusals.length === 0) return null;
  return (
    <ul className={styles.refusals}>
      {tally.refusals.map((each) => (
        <li key={each.reason}>
          <code className={styles.code}>{each.reason}</code> {formatCount(each.rows)}
          <span className={ui.second}>: {each.detail}</span>
        </li>
      ))}
    </ul>
  );
}

function Button({
  isPrimary = false,
  onClick,
  children,
}: {
  isPrimary?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={`${ui.button} ${ui.small} ${isPrimary ? ui.primary : ''}`}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
