import { formatDateTime, type TimeZoneChoice } from '@/lib/format/format';

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** An alert's explanation as a person reads it: times in the zone of the page, comparisons as signs. */
export const explained = (explanation: string, tz: TimeZoneChoice): string =>
  explanation
    .replace(INSTANT, (instant) => formatDateTime(Date.parse(instant), tz))
    .replaceAll(' >= ', ' ≥ ')
    .replaceAll(' <= ', ' ≤ ');
