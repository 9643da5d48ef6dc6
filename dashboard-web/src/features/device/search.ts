import type { TimeZoneChoice } from '@/lib/format/format';
import { chosen, type RawSearch, textOf, wordOf } from '@/lib/search';
import { PRESETS, type Preset } from '@/lib/time/range';

export interface DeviceSearch {
  /** Length of the window that ends now. */
  range: Preset;
  /** Fixed window: both ends as RFC 3339; wins over `range`. */
  from: string;
  to: string;
  tz: TimeZoneChoice;
  /** Metrics shown as a table instead of a chart. */
  table: string;
}

export const deviceSearch = (search: RawSearch): Partial<DeviceSearch> => {
  const from = timeOf(search, 'from');
  const to = timeOf(search, 'to');
  const fixed = from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to);
  return chosen<DeviceSearch>({
    range: wordOf(search, 'range', PRESETS),
    from: fixed ? from : undefined,
    to: fixed ? to : undefined,
    tz: wordOf(search, 'tz', ['utc', 'local'] as const),
    table: textOf(search, 'table'),
  });
};

function timeOf(search: RawSearch, key: string): string | undefined {
  const value = textOf(search, key);
  return value !== undefined && !Number.isNaN(Date.parse(value)) ? value : undefined;
}
