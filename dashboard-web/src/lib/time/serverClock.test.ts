import { describe, expect, it } from 'vitest';
import { ServerClock } from './serverClock';

describe('ServerClock', () => {
  it('givenBrowserFourMinutesAhead_whenDateHeaderArrives_thenNowIsTheServers', () => {
    const server = Date.parse('2026-11-23T12:00:00Z');
    const browser = server + 240_000;
    const clock = new ServerClock(() => browser);

    clock.learnFromDate('Mon, 23 Nov 2026 12:00:00 GMT', browser - 20, browser);

    expect(Math.abs(clock.now() - server)).toBeLessThanOrEqual(1000);
    expect(clock.uncertaintyMs).toBe(510);
  });

  it('givenTightBound_whenLooserOneAgrees_thenTheTightOneStays', () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.learnFromInstant(1_000_100, 10);
    const offset = clock.offsetMs;

    clock.learnFromDate(new Date(1_000_000).toUTCString(), 999_800, 1_000_000);

    expect(clock.offsetMs).toBe(offset);
  });

  it('givenTightBound_whenContradicted_thenTheNewOneCounts', () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.learnFromInstant(1_000_100, 10);

    clock.learnFromDate(new Date(9_000_000).toUTCString(), 999_800, 1_000_000);

    expect(clock.offsetMs).toBeGreaterThan(7_000_000);
  });

  it('givenNonsense_whenOffered_thenNothingIsLearned', () => {
    const clock = new ServerClock(() => 5);
    clock.learnFromDate('yesterday', 0, 5);
    clock.learnFromDate(null, 0, 5);
    clock.learnFromInstant(Number.NaN, 5);

    expect(clock.offsetMs).toBe(0);
    expect(clock.uncertaintyMs).toBe(Number.POSITIVE_INFINITY);
  });
});
