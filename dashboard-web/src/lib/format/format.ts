const THIN = '\u2009';
const MINUS = '\u2212';

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Text for "there is no value": never an empty cell, never a zero. */
export const NONE = '–';

/** A whole number with separators: `93,117`. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : integers.format(value).replace('-', MINUS);
}

/** A count with its noun: `1 message`, `2,048 messages`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** At most four significant digits, a true minus sign, no exponent between 0.0001 and a million. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(2).replace('-', MINUS);
  const decimals =
    size >= 1000 || size === 0 ? 0 : Math.min(4, Math.max(0, 3 - Math.floor(Math.log10(size))));
  const text = value.toFixed(decimals);
  // A device that says -70 did not measure -70.00.
  const trimmed = decimals > 0 ? text.replace(/\.?0+$/, '') : text;
  const rounded = decimals === 0 ? integers.format(value) : trimmed;
  return Number(trimmed) === 0 ? '0' : rounded.replace('-', MINUS);
}

/** A value with its unit behind a thin space; per cent and degrees as people write them. */
export function formatValue(value: number | null | undefined, unit: string | null): string {
  const text = formatNumber(value);
  return unit && text !== NONE ? `${text}${THIN}${unit}` : text;
}

/** `decimals` fixed, for columns whose numbers stand below each other. */
export function formatFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals).replace('-', MINUS);
  return Number(value.toFixed(decimals)) === 0 ? text.replace(MINUS, '') : text;
}

export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return NONE;
  return perSecond >= 100
    ? formatCount(Math.round(perSecond))
    : formatNumber(Math.round(perSecond * 10) / 10);
}

/** `<1 ms`, `38 ms`, `4.2 s`, `5 s`, `38 s`, `4 min`, `2 h`, `3 d`: one unit, rounded down. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds <= 0) return `0${THIN}s`;
  if (milliseconds < 1) return `<1${THIN}ms`;
  if (milliseconds < 1000) return `${Math.floor(milliseconds)}${THIN}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${Math.floor(seconds * 10) / 10}${THIN}s`;
  if (seconds < 120) return `${Math.floor(seconds)}${THIN}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}${THIN}min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}${THIN}h`;
  return `${Math.floor(seconds / 86_400)}${THIN}d`;
}

/** An age for lists that tick once a second: no tenths. */
export function formatAge(milliseconds: number): string {
  if (milliseconds < 1000) return 'now';
  if (milliseconds < 10_000) return `${Math.floor(milliseconds / 1000)}${THIN}s ago`;
  return `${formatDuration(milliseconds)} ago`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return NONE;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : formatNumber(value)}${THIN}${BYTE_UNITS[unit]}`;
}

export type TimeZoneChoice = 'utc' | 'local';

const zoneOf = (tz: TimeZoneChoice): string | undefined => (tz === 'utc' ? 'UTC' : undefined);

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(tz: TimeZoneChoice, kind: 'time' | 'minute' | 'day' | 'full'): Intl.DateTimeFormat {
  const key = `${tz}${kind}`;
  let found = formatters.get(key);
  if (!found) {
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const day = { day: '2-digit', month: 'short' } as const;
    const shapes: Record<typeof kind, Intl.DateTimeFormatOptions> = {
      time: { ...clock, second: '2-digit' },
      minute: clock,
      day,
      full: { ...day, year: 'numeric', ...clock, second: '2-digit' },
    };
    const timeZone = zoneOf(tz);
    found = new Intl.DateTimeFormat('en-GB', timeZone ? { ...shapes[kind], timeZone } : shapes[kind]);
    formatters.set(key, found);
  }
  return found;
}

/** `14:03:22` */
export const formatTime = (epochMs: number, tz: TimeZoneChoice): string =>
  formatter(tz, 'time').format(epochMs);
/** `14:03` */
export const formatMinute = (epochMs: number, tz: TimeZoneChoice): string =>
  formatter(tz, 'minute').format(epochMs);
/** `23 Nov` */
export const formatDay = (epochMs: number, tz: TimeZoneChoice): string =>
  formatter(tz, 'day').format(epochMs);

/** `23 Nov 2026, 14:03:22` */
export const formatDateTime = (epochMs: number, tz: TimeZoneChoice): string =>
  formatter(tz, 'full').format(epochMs);

/** `14:03:22` today, `22 Nov 14:03` otherwise. */
export function formatMoment(epochMs: number, nowMs: number, tz: TimeZoneChoice): string {
  const sameDay = formatDay(epochMs, tz) === formatDay(nowMs, tz) && Math.abs(nowMs - epochMs) < 86_400_000;
  return sameDay ? formatTime(epochMs, tz) : `${formatDay(epochMs, tz)} ${formatMinute(epochMs, tz)}`;
}

/** What the axis and the picker print: `UTC`, or this browser's zone with its offset now. */
export function zoneLabel(tz: TimeZoneChoice, nowMs: number): string {
  if (tz === 'utc') return 'UTC';
  const minutes = -new Date(nowMs).getTimezoneOffset();
  const sign = minutes < 0 ? MINUS : '+';
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
  const rest = String(Math.abs(minutes) % 60).padStart(2, '0');
  return `UTC${sign}${hours}:${rest}`;
}
