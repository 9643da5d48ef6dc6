import { describe, expect, it } from 'vitest';
import type { MatchProgress, ReplayTally } from '@/lib/api/types';
import { advanced, previewed } from './matchingRun';

const tally = (rows: number, refused: Record<string, number>): ReplayTally => ({
  rows,
  accepted: rows - Object.values(refused).reduce((sum, each) => sum + each, 0),
  partial: 0,
  refused: Object.values(refused).reduce((sum, each) => sum + each, 0),
  failed: 0,
  refusals: Object.entries(refused).map(([reason, of]) => ({
    reason,
    rows: of,
    detail: `first of ${reason}`,
  })),
});

const page = (taken: ReplayTally, remaining: number, nextCursor: string | null): MatchProgress => ({
  taken,
  through: null,
  remaining,
  remainingIsExact: true,
  nextCursor,
});

describe('matchingRun', () => {
  it('givenPages_whenAdvanced_thenTheirOutcomesAreAddedAndTheCursorIsTheLast', () => {
    const begun = previewed('{}', {
      matched: 30,
      matchedIsExact: true,
      replayable: 25,
      alreadyReplayed: 4,
      notReplayable: 1,
      reasons: { TOPIC: 25 },
      until: '2026-11-23T12:00:00Z',
      sample: tally(25, {}),
      cursor: 'first',
    });

    const first = advanced(begun, page(tally(10, { JSON: 1, RATE: 2 }), 15, 'second'));
    const last = advanced(first, page(tally(15, { JSON: 4 }), 0, null));

    expect(begun).toMatchObject({ phase: 'asked', left: 25, cursor: 'first' });
    expect(first).toMatchObject({ left: 15, cursor: 'second' });
    expect(last.taken).toMatchObject({ rows: 25, accepted: 18, refused: 7 });
    expect(last.taken.refusals).toEqual([
      { reason: 'JSON', rows: 5, detail: 'first of JSON' },
      { reason: 'RATE', rows: 2, detail: 'first of RATE' },
    ]);
    expect(last).toMatchObject({ left: 0, cursor: null });
  });
});
