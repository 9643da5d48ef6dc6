import { chosen, type RawSearch, textOf, wordOf } from '@/lib/search';

export const TRANSPORTS = ['mqtt', 'http', 'subscription', 'kafka'] as const;
export const PERIODS = ['1h', '24h', '7d'] as const;

export interface SystemSearch {
  /** Only quarantined messages with this reason. */
  reason: string;
  /** Only those of this device. */
  device: string;
  /** Only those that came this way. */
  transport: (typeof TRANSPORTS)[number];
  /** Only those of the last hour, day or week. */
  since: (typeof PERIODS)[number];
  /** Only those that were not replayed. */
  open: 'yes';
}

export const systemSearch = (search: RawSearch): Partial<SystemSearch> =>
  chosen<SystemSearch>({
    reason: textOf(search, 'reason'),
    device: textOf(search, 'device'),
    transport: wordOf(search, 'transport', TRANSPORTS),
    since: wordOf(search, 'since', PERIODS),
    open: wordOf(search, 'open', ['yes']),
  });
