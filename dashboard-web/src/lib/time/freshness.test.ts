import { describe, expect, it } from 'vitest';
import { freshnessOf, gapAfterMs, medianIntervalMs } from './freshness';

const NOW = 1_800_000_000_000;
const TEN_SECONDS = 10_000;

describe('freshnessOf', () => {
  it.each([
    [0, 'fresh'],
    [15_000, 'fresh'],
    [15_001, 'late'],
    [30_000, 'late'],
    [30_001, 'stale'],
    [-5000, 'fresh'],
    [-5001, 'skewed'],
  ])('givenAgeOf%iMs_whenJudgedAgainstTenSeconds_thenIs_%s', (age, expected) => {
    expect(freshnessOf(NOW - age, NOW, TEN_SECONDS)).toBe(expected);
  });

  it('givenNoSample_whenJudged_thenIsUnknownRatherThanFresh', () => {
    expect(freshnessOf(null, NOW, TEN_SECONDS)).toBe('unknown');
  });

  it('givenNoExpectedInterval_whenJudged_thenTenSecondsAreAssumed', () => {
    expect(freshnessOf(NOW - 16_000, NOW, null)).toBe('late');
    expect(gapAfterMs(null)).toBe(30_000);
  });
});

describe('medianIntervalMs', () => {
  it('givenOneLongPause_whenObserved_thenTheUsualDistanceCounts', () => {
    expect(medianIntervalMs([0, 2000, 4000, 6000, 96_000, 98_000])).toBe(2000);
  });

  it('givenTwoSamples_whenObserved_thenNothingIsClaimed', () => {
    expect(medianIntervalMs([0, 2000])).toBeNull();
  });
});
