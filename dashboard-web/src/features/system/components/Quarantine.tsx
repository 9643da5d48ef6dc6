import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '@/lib/api/keys';
import { meQuery } from '@/lib/api/shared';
import type { ReplayResult } from '@/lib/api/types';
import { formatCount, formatCounted } from '@/lib/format/format';
import { useServices } from '@/lib/services';
import { Panel } from '@/lib/ui/Panel';
import { StatusMark } from '@/lib/ui/StatusMark';
import { Empty, Problem, Skeleton } from '@/lib/ui/states';
import ui from '@/lib/ui/ui.module.css';
import { type QuarantineFilter, quarantineQuery, replay } from '../api';
import { useMatchingRun, wordOf } from '../model/useMatchingRun';
import styles from '../system.module.css';
import { Filters } from './Filters';
import { Message } from './Message';
import { ReplayAll } from './ReplayAll';

interface Props {
  counts: readonly { reason: string; count24h: number }[];
  filter: QuarantineFilter;
  onFilter: (filter: QuarantineFilter) => void;
}

/** What could not be used, by reason, with the payload as it came; and the way back for what can be used by now. */
export function Quarantine({ counts, filter, onFilter }: Props) {
  const { api } = useServices();
  const client = useQueryClient();
  const messages = useQuery(quarantineQuery(api, filter));
  const me = useQuery(meQuery(api));
  const mayReplay = me.data?.rights.includes('quarantine:replay') ?? false;
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [results, setResults] = useState<ReadonlyMap<string, ReplayResult & { dryRun: boolean }>>(new Map());
  const renew = () => {
    for (const key of [keys.quarantine, keys.ledger]) void client.invalidateQueries({ queryKey: key });
  };
  const all = useMatchingRun(renew);
  const run = useMutation({
    mutationFn: ({ ids, dryRun }: { ids: readonly string[]; dryRun: boolean }) => replay(api, ids, dryRun),
    onSuccess: (answer) => {
      setResults(
        (old) =>
          new Map([
            ...old,
            ...answer.results.map((each) => [each.id, { ...each, dryRun: answer.dryRun }] as const),
          ]),
      );
      if (!answer.dryRun) {
        setPicked(new Set());
        renew();
      }
    },
  });
  const items = messages.data?.items ?? [];
  const chosen = items.filter((item) => picked.has(item.id)).map((item) => item.id);
  const total = counts.reduce((sum, each) => sum + each.count24h, 0);
  const most = Math.max(1, ...counts.map((each) => each.count24h));
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const isBusy = run.isPending || all.run.phase === 'asking' || all.run.phase === 'running';
  // A preview is of one filter; behind another one it would lie.
  const isPast = all.run.phase === 'asked' && all.run.of !== wordOf(filter);
  const pick = (id: string, isPicked: boolean) => {
    const next = new Set(picked);
    if (isPicked) next.add(id);
    else next.delete(id);
    setPicked(next);
  };
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
                aria-pressed={filter.reason === each.reason}
                onClick={() => onFilter(withReason(filter, each.reason))}
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
      {(isFiltered || items.length > 0) && <Filters filter={filter} onFilter={onFilter} />}
      {mayReplay && items.length > 0 && (
        <div className={styles.replayBar}>
          <button
            type="button"
            className={`${ui.button} ${ui.small}`}
            disabled={chosen.length === 0 || isBusy}
            onClick={() => run.mutate({ ids: chosen, dryRun: true })}
          >
            Preview
          </button>
          <button
            type="button"
            className={`${ui.button} ${ui.small} ${ui.primary}`}
            disabled={chosen.length === 0 || isBusy}
            onClick={() => run.mutate({ ids: chosen, dryRun: false })}
          >
            Replay
          </button>
          <button
            type="button"
            className={`${ui.button} ${ui.small}`}
            disabled={isBusy}
            onClick={() => void all.preview(filter)}
          >
            {isFiltered ? 'Replay all that match…' : 'Replay all…'}
          </button>
          <span className={ui.dim} role="status">
            {run.isPending || all.run.phase === 'asking'
              ? 'Asking the gateway…'
              : chosen.length === 0
                ? 'Choose messages to take again after the cause is mended.'
                : `${formatCounted(chosen.length, 'message')} chosen`}
          </span>
        </div>
      )}
      {run.isError && <Problem error={run.error} />}
      {mayReplay && !isPast && (
        <ReplayAll run={all.run} onGo={() => void all.go(all.run)} onStop={all.stop} onClose={all.close} />
      )}
      {messages.isPending && (
        <div className={styles.pad}>
          <Skeleton label="Loading messages…" />
        </div>
      )}
      {messages.isError && <Problem error={messages.error} onRetry={() => void messages.refetch()} />}
      {messages.data?.items.length === 0 &&
        (isFiltered ? (
          <Empty title="No message fits the filter" />
        ) : (
          <div className={styles.calm}>
            <StatusMark mark="ok" size={20} />
            Nothing is in quarantine: every message could be used.
          </div>
        ))}
      {items.length > 0 && (
        <ul className={styles.messages}>
          {items.map((message) => (
            <Message
              key={message.id}
              message={message}
              result={results.get(message.id)}
              isPicked={picked.has(message.id)}
              onPick={mayReplay && message.notReplayable === null ? pick : undefined}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function withReason({ reason, ...others }: QuarantineFilter, picked: string): QuarantineFilter {
  return reason === picked ? others : { ...others, reason: picked };
}
