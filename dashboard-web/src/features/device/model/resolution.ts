const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Length of a bucket in milliseconds; null for raw samples or a word this version does not know. */
export function bucketMs(resolution: string): number | null {
  const match = /^(\d+)\s*([a-z]+)$/.exec(resolution);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}
