export const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Preset = (typeof PRESETS)[number];

const MINUTE = 60_000;

export const PRESET_MS: Record<Preset, number> = {
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': 60 * MINUTE,
  '6h': 360 * MINUTE,
  '24h': 1440 * MINUTE,
  '7d': 10_080 * MINUTE,
  '30d': 43_200 * MINUTE,
};

/** A window up to this length is drawn from every sample; a longer one from buckets that are fetched again. */
export const LIVE_WINDOW_MS = 60 * MINUTE;

/** What a page shows: a window that ends now and moves, or one that stands. Half-open, epoch milliseconds. */
export type TimeWindow =
  | { mode: 'live'; preset: Preset; lengthMs: number }
  | { mode: 'fixed'; fromMs: number; toMs: number; lengthMs: number };

export function windowOf(search: { range?: Preset; from?: string; to?: string }): TimeWindow {
  if (search.from !== undefined && search.to !== undefined) {
    const fromMs = Date.parse(search.from);
    const toMs = Date.parse(search.to);
    return { mode: 'fixed', fromMs, toMs, lengthMs: toMs - fromMs };
  }
  const preset = search.range ?? '15m';
  return { mode: 'live', preset, lengthMs: PRESET_MS[preset] };
}
