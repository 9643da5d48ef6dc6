import type { Ledger, LedgerCounts, LedgerMinute, LedgerState } from '@/lib/api/types';
import { formatCount, formatCounted, formatMinute } from '@/lib/format/format';

const MINUTE_MS = 60_000;
const LOWEST_BAR = 6;
const COUNTED = ['received', 'stored', 'duplicate', 'quarantined', 'inFlight', 'missing', 'unsure'] as const;

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

/** The ledger with minutes that changed: its range moves on with the newest of them, and its totals follow. */
export function withMinutes(ledger: Ledger, changed: readonly LedgerMinute[]): Ledger {
  const length = Date.parse(ledger.to) - Date.parse(ledger.from);
  const end = Math.max(
    Date.parse(ledger.to),
    ...changed.map((minute) => Date.parse(minute.start) + MINUTE_MS),
  );
  const begin = end - length;
  const minutes = new Map(ledger.items.map((minute) => [Date.parse(minute.start), minute]));
  for (const minute of changed) minutes.set(Date.parse(minute.start), minute);
  const items = [...minutes.entries()]
    .filter(([start]) => start >= begin)
    .sort(([one], [other]) => other - one)
    .map(([, minute]) => minute);
  return {
    ...ledger,
    from: new Date(begin).toISOString(),
    to: new Date(end).toISOString(),
    items,
    totals: sum(items),
  };
}

function sum(minutes: readonly LedgerMinute[]): LedgerCounts {
  const totals: LedgerCounts = {
    received: 0,
    stored: 0,
    duplicate: 0,
    quarantined: 0,
    inFlight: 0,
    missing: 0,
    unsure: 0,
    state: 'balanced',
  };
  for (const { counts } of minutes) for (const name of COUNTED) totals[name] += counts[name];
  if (minutes.some(({ counts }) => counts.state === 'imbalance')) totals.state = 'imbalance';
  else if (totals.inFlight > 0) totals.state = 'in-flight';
  return totals;
}
