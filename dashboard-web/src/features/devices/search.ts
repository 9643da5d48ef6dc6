import { chosen, type RawSearch, textOf, wordOf } from '@/lib/search';

export const SORTS = ['id', '-id', 'lastSeen', '-lastSeen', 'status', 'name'] as const;
export type DeviceSort = (typeof SORTS)[number];

export interface DevicesSearch {
  /** The filter as typed: words and `key:value` tokens. */
  q: string;
  sort: DeviceSort;
}

export const devicesSearch = (search: RawSearch): Partial<DevicesSearch> =>
  chosen<DevicesSearch>({ q: textOf(search, 'q'), sort: wordOf(search, 'sort', SORTS) });
