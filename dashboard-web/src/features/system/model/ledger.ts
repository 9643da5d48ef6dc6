import type { Ledger, LedgerCounts, LedgerState } from '@/lib/api/types';
import { formatCount, formatCounted, formatMinute } from '@/lib/format/format';

const MINUTE_MS = 60_000;
const LOWEST_BAR = 6;

export interface Minute {
  start: number;
  state: LedgerState | 'none';
  /** Of the highest minute, in percent; a minute with data is never invisible. */
  height: number;
  title: string;
}

/** Every minute of the range, those without data too: a hole must look like one. */
export function minutesOf(ledger: Ledger): Minute[] {
  const known = new Map(ledger.items.map((item) => [Date.parse(item.start), item.counts]));
  const most = Math.max(1, ...ledger.items.map((item) => item.counts.received));
  const minutes: Minute[] = [];
  for (let start = Date.parse(ledger.from); start < Date.parse(ledger.to); start += MINUTE_MS) {
    const counts = known.get(start);
    const at = formatMinute(start, 'local');
    minutes.push(
      counts
        ? {
            start,
            state: counts.state,
            height: Math.max(LOWEST_BAR, (counts.received / most) * 100),
            title: `${at}: ${formatCount(counts.received)} received, ${tail(counts)}`,
          }
        : { start, state: 'none', height: 0, title: `${at}: nothing received` },
    );
  }
  return minutes;
}

function tail(counts: LedgerCounts): string {
  if (counts.missing > 0) return `${formatCount(counts.missing)} missing`;
  if (counts.inFlight > 0) return `${formatCount(counts.inFlight)} in flight`;
  return counts.state === 'balanced' ? 'balanced' : 'more accounted for than was read';
}

/** One sentence that can be read at a glance. */
export function headline(totals: LedgerCounts): string {
  if (totals.missing > 0)
    return `${formatCount(totals.missing)} missing: acknowledged to devices and not in the store`;
  if (totals.state === 'imbalance') return 'The counts do not add up';
  if (totals.inFlight > 0)
    return `${formatCount(totals.inFlight)} in flight, everything else is accounted for`;
  return `Balanced: ${formatCounted(totals.received, 'unit')}, every one accounted for`;
}
