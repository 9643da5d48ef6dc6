import { useEffect, useState } from 'react';

const LENGTH = 60;
/** Kept outside React, so that going to another page and back does not forget it. */
const histories = new Map<string, { at: number; value: number }[]>();

/** The last values of a figure that the API only tells as it is now; begins empty when the page is loaded. */
export function useTrend(
  name: string,
  at: number,
  value: number | null,
): readonly { at: number; value: number }[] {
  const [points, setPoints] = useState(() => histories.get(name) ?? []);
  useEffect(() => {
    if (value === null || Number.isNaN(at)) return;
    const old = histories.get(name) ?? [];
    if (old.at(-1)?.at === at) return;
    const next = [...old, { at, value }].slice(-LENGTH);
    histories.set(name, next);
    setPoints(next);
  }, [name, at, value]);
  return points;
}
