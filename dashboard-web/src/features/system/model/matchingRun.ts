import type { MatchPreview, MatchProgress, ReplayTally } from '@/lib/api/types';

/** A replay of all that a filter finds: what was previewed, and how far it is. */
export interface MatchingRun {
  phase: 'idle' | 'asking' | 'asked' | 'running' | 'stopped' | 'failed' | 'done';
  /** The filter that was previewed, as one word. */
  of: string;
  preview: MatchPreview | null;
  taken: ReplayTally;
  left: number;
  leftIsExact: boolean;
  /** Where it goes on; null where there is nothing to go on with. */
  cursor: string | null;
  error: unknown;
}

const NOTHING: ReplayTally = { rows: 0, accepted: 0, partial: 0, refused: 0, failed: 0, refusals: [] };

export const IDLE: MatchingRun = {
  phase: 'idle',
  of: '',
  preview: null,
  taken: NOTHING,
  left: 0,
  leftIsExact: true,
  cursor: null,
  error: null,
};

/** The run behind its preview. */
export const previewed = (of: string, preview: MatchPreview): MatchingRun => ({
  ...IDLE,
  phase: 'asked',
  of,
  preview,
  left: preview.replayable,
  leftIsExact: preview.matchedIsExact,
  cursor: preview.cursor,
});

/** The run one page further. */
export const advanced = (run: MatchingRun, page: MatchProgress): MatchingRun => ({
  ...run,
  taken: sum(run.taken, page.taken),
  left: page.remaining,
  leftIsExact: page.remainingIsExact,
  cursor: page.nextCursor,
});

function sum(one: ReplayTally, other: ReplayTally): ReplayTally {
  const refusals = new Map(one.refusals.map((each) => [each.reason, each]));
  for (const each of other.refusals) {
    const known = refusals.get(each.reason);
    refusals.set(each.reason, known ? { ...known, rows: known.rows + each.rows } : each);
  }
  return {
    rows: one.rows + other.rows,
    accepted: one.accepted + other.accepted,
    partial: one.partial + other.partial,
    refused: one.refused + other.refused,
    failed: one.failed + other.failed,
    refusals: [...refusals.values()].sort((a, b) => b.rows - a.rows),
  };
}
