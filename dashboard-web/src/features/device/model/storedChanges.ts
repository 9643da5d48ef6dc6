import type { StoredChange } from '@/lib/api/types';
import { bucketMs } from './resolution';

/** What is to be fetched again: metrics of one range, by epoch milliseconds. */
export interface Refetch {
  metrics: string[];
  fromMs: number;
  toMs: number;
}

/** What is on the screen: metrics and a window, epoch milliseconds. */
export interface Shown {
  metrics: readonly string[];
  fromMs: number;
  toMs: number;
}

/**
 * Collects what the store has changed of one device until it is fetched again: one range for each metric. What came in a
 * burst is fetched at once.
 */
export class StoredChanges {
  readonly #ranges = new Map<string, { fromMs: number; toMs: number }>();

  get isEmpty(): boolean {
    return this.#ranges.size === 0;
  }

  add({ metric, from, to }: StoredChange): void {
    // Whole milliseconds around it: times of samples are cut to them.
    const fromMs = Math.floor(Date.parse(from));
    const toMs = Math.ceil(Date.parse(to)) + 1;
    const known = this.#ranges.get(metric);
    this.#ranges.set(metric, {
      fromMs: known ? Math.min(known.fromMs, fromMs) : fromMs,
      toMs: known ? Math.max(known.toMs, toMs) : toMs,
    });
  }

  /**
   * Takes those that are shown and forgets the others, in whole buckets of what is shown: a bucket that overlaps the change has
   * changed. Metrics with the same range share a request. Null where the buckets have no fixed length.
   */
  take(shown: Shown, resolution: string): Refetch[] | null {
    const bucket = resolution === 'raw' ? 1 : bucketMs(resolution);
    const taken = new Map<string, Refetch>();
    for (const [metric, range] of this.#ranges) {
      if (range.toMs <= shown.fromMs || range.fromMs >= shown.toMs || !shown.metrics.includes(metric))
        continue;
      const unit = bucket ?? 1;
      const fromMs = Math.floor(Math.max(range.fromMs, shown.fromMs) / unit) * unit;
      const toMs = Math.ceil(Math.min(range.toMs, shown.toMs) / unit) * unit;
      const key = `${fromMs}/${toMs}`;
      const same = taken.get(key);
      if (same) same.metrics.push(metric);
      else taken.set(key, { metrics: [metric], fromMs, toMs });
    }
    this.#ranges.clear();
    return bucket === null && taken.size > 0 ? null : [...taken.values()];
  }
}
