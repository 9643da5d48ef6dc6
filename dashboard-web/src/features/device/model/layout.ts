import type { Metric } from '@/lib/api/types';

export interface Placed {
  metric: Metric;
  /** Over both columns. */
  wide: boolean;
}

const ORDER: Record<Metric['kind'], number> = { number: 0, boolean: 1, state: 2 };

/**
 * Charts in an order that leaves no hole in two columns: the first one wide, pairs under it, one that is left over wide
 * again. Timelines of states are low, so beside a chart they would leave a gap; they come last, each over both columns.
 */
export function layoutOf(metrics: readonly Metric[]): Placed[] {
  const ordered = [...metrics].sort((a, b) => ORDER[a.kind] - ORDER[b.kind]);
  const charts = ordered.filter((metric) => metric.kind !== 'state').length;
  return ordered.map((metric, index) => ({
    metric,
    wide: metric.kind === 'state' || index === 0 || (index === charts - 1 && charts % 2 === 0),
  }));
}
