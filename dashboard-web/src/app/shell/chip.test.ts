import { describe, expect, it } from 'vitest';
import type { Link } from '@/lib/stream/streamHub';
import { chipOf, pipelineLagMs } from './chip';
import { shift } from './useStreamCache';

const link = (parts: Partial<Link>): Link => ({
  phase: 'live',
  retryAt: null,
  dataTo: null,
  lastEventId: null,
  httpStatus: 200,
  ...parts,
});

describe('chipOf', () => {
  it.each([
    [link({}), 400, 'ok', 'Live'],
    [link({}), 2400, 'ok', 'Live 2.4\u2009s'],
    [link({}), null, 'ok', 'Live'],
    [link({}), 38_000, 'late', 'Delayed 38\u2009s (pipeline)'],
    [link({ phase: 'reconnecting', retryAt: 2500 }), 400, 'late', 'Reconnecting in 3\u2009s'],
    [link({ phase: 'refused', httpStatus: 403 }), 400, 'critical', 'No permission for live data'],
    [link({ phase: 'connecting' }), null, 'unknown', 'Connecting…'],
  ] as const)('givenLinkAndLag_%#_whenTold_thenTheWorstOfBothCounts', (state, lag, mark, text) => {
    expect(chipOf(state, lag, 0)).toMatchObject({ mark, text });
  });

  it('givenLostLink_whenTold_thenTheTimeUpToWhichDataIsTrueIsNamed', () => {
    const { mark, text } = chipOf(link({ phase: 'offline', dataTo: 1_800_000_000_000 }), 400, 0);

    expect(mark).toBe('offline');
    expect(text).toMatch(/data to \d\d:\d\d:\d\d$/);
  });
});

it('givenStages_whenNoneKnowsItsLag_thenNoNumberIsClaimed', () => {
  expect(pipelineLagMs([])).toBeNull();
  expect(pipelineLagMs(undefined)).toBeNull();
});

it('givenPresenceChange_whenApplied_thenTheDeviceMovesFromOneCountToTheOther', () => {
  const counts = { total: 2, reporting: 2, late: 0, silent: 0, offline: 0, unknown: 0 };
  const change = { device: 'a', at: 0, lastSeen: null, lastSampleTs: null, connected: null };

  const next = shift(counts, [
    { ...change, state: 'late', previous: 'reporting' },
    { ...change, device: 'new', state: 'reporting', previous: null },
  ]);

  expect(next).toEqual({ total: 3, reporting: 2, late: 1, silent: 0, offline: 0, unknown: 0 });
});
