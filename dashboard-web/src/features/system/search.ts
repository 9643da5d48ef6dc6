import { chosen, type RawSearch, textOf } from '@/lib/search';

export interface SystemSearch {
  /** Only quarantined messages with this reason. */
  reason: string;
}

export const systemSearch = (search: RawSearch): Partial<SystemSearch> =>
  chosen<SystemSearch>({ reason: textOf(search, 'reason') });
