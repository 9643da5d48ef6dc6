import type { PresenceState } from '@/lib/api/types';

/** How much a shown value may be trusted to be the present one. */
export type Freshness = 'fresh' | 'late' | 'stale' | 'skewed' | 'unknown';

/** A sample from further in the future than this means that the device's clock is wrong. */
export const SKEW_TOLERANCE_MS = 5000;
/** Assumed when neither the device nor its history says how often it reports. */
export const DEFAULT_INTERVAL_MS = 10_000;

/**
 * Judges the age of a sample against how often one is expected.
 *
 * Fresh up to 1.5 intervals, late up to 3, stale beyond; `skewed` when it lies more than 5 s in the future.
 */
export function freshnessOf(
  sampleMs: number | null,
  nowMs: number,
  expectedIntervalMs: number | null,
): Freshness {
  if (sampleMs === null) return 'unknown';
  const age = nowMs - sampleMs;
  if (age < -SKEW_TOLERANCE_MS) return 'skewed';
  const interval = expectedIntervalMs && expectedIntervalMs > 0 ? expectedIntervalMs : DEFAULT_INTERVAL_MS;
  if (age <= 1.5 * interval) return 'fresh';
  return age <= 3 * interval ? 'late' : 'stale';
}

/** Two neighbours further apart than this are not joined by a line. */
export const gapAfterMs = (expectedIntervalMs: number | null): number =>
  3 * (expectedIntervalMs && expectedIntervalMs > 0 ? expectedIntervalMs : DEFAULT_INTERVAL_MS);

/** The expected interval where none is configured: the median distance of what arrived, at least one second. */
export function medianIntervalMs(times: ArrayLike<number>): number | null {
  if (times.length < 3) return null;
  const distances: number[] = [];
  const first = Math.max(1, times.length - 50);
  for (let i = first; i < times.length; i++) distances.push((times[i] as number) - (times[i - 1] as number));
  distances.sort((a, b) => a - b);
  return Math.max(1000, distances[Math.floor(distances.length / 2)] as number);
}

export const PRESENCE_WORDS: Record<PresenceState, string> = {
  reporting: 'Reporting',
  late: 'Late',
  silent: 'Silent',
  offline: 'Offline',
  unknown: 'Unknown',
};
