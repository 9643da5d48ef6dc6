import {
  formatDay,
  formatFixed,
  formatMinute,
  formatNumber,
  formatTime,
  type TimeZoneChoice,
} from '@/lib/format/format';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances that people count in, milliseconds. */
export const TIME_STEPS = [1, 2, 5, 10, 15, 30]
  .map((seconds) => seconds * SECOND)
  .concat(
    [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
    [1, 2, 3, 6, 12].map((hours) => hours * HOUR),
    [1, 2, 7].map((days) => days * DAY),
  );

/** Labels of the time axis: seconds only where ticks are that close, the date where a day begins. */
export function tickLabels(times: readonly number[], stepMs: number, tz: TimeZoneChoice): string[] {
  return times.map((exact) => {
    const time = Math.round(exact / SECOND) * SECOND;
    if (stepMs >= DAY) return formatDay(time, tz);
    const minute = formatMinute(time, tz);
    if (minute === '00:00') return formatDay(time, tz);
    return stepMs < MINUTE ? formatTime(time, tz) : minute;
  });
}

/** Labels of the value axis: all with the decimals that their distance needs, so that they line up. */
export function valueLabels(values: readonly number[]): string[] {
  const [first, second] = values;
  if (first === undefined || second === undefined) return values.map((value) => formatNumber(value));
  const step = Math.abs(second - first);
  let decimals = 0;
  while (decimals < 6 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6)
    decimals++;
  return values.map((value) =>
    Math.abs(value) >= 10_000 ? formatNumber(value) : formatFixed(value, decimals),
  );
}

/** Charts side by side line up as long as their labels have this room. */
const LEAST_AXIS_WIDTH = 58;
/** A digit of the axis' font of 12 px; the other characters of a number are narrower. */
const DIGIT_WIDTH = 7.7;
const AXIS_MARGIN = 10;

/** Room for the labels of the value axis in CSS pixels, so that the longest is not cut. */
export function axisWidth(labels: readonly string[] | null): number {
  const longest = Math.max(0, ...(labels ?? []).map((label) => label.length));
  return Math.max(LEAST_AXIS_WIDTH, Math.ceil(longest * DIGIT_WIDTH) + AXIS_MARGIN);
}
