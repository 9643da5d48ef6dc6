import type { Severity } from '@/lib/api/types';
import { chosen, type RawSearch, textOf, wordOf } from '@/lib/search';

export interface AlertsSearch {
  state: 'open' | 'resolved';
  severity: Severity;
  ack: 'yes' | 'no';
  rule: string;
  site: string;
  device: string;
  group: 'rule' | 'none';
  /** The alert whose details are open. */
  alert: string;
}

export const alertsSearch = (search: RawSearch): Partial<AlertsSearch> =>
  chosen<AlertsSearch>({
    state: wordOf(search, 'state', ['resolved'] as const),
    severity: wordOf(search, 'severity', ['critical', 'warning', 'info'] as const),
    ack: wordOf(search, 'ack', ['yes', 'no'] as const),
    rule: textOf(search, 'rule'),
    site: textOf(search, 'site'),
    device: textOf(search, 'device'),
    group: wordOf(search, 'group', ['none'] as const),
    alert: textOf(search, 'alert'),
  });
