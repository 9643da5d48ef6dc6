import { expect, it } from 'vitest';
import type { Ledger, LedgerCounts } from '@/lib/api/types';
import { headline, minutesOf, withMinutes } from './ledger';

const counts = (parts: Partial<LedgerCounts>): LedgerCounts => ({
  received: 10,
  stored: 10,
  duplicate: 0,
  quarantined: 0,
  inFlight: 0,
  missing: 0,
  unsure: 0,
  state: 'balanced',
  ...parts,
});

it('givenHolesAndLosses_whenDrawn_thenEveryMinuteIsThereAndTheLossIsNamed', () => {
  const ledger: Ledger = {
    from: '2026-11-23T12:00:00Z',
    to: '2026-11-23T12:04:00Z',
    totals: counts({}),
    items: [
      { start: '2026-11-23T12:03:00Z', counts: counts({ received: 1000, inFlight: 4, state: 'in-flight' }) },
      { start: '2026-11-23T12:01:00Z', counts: counts({ received: 5, missing: 2, state: 'imbalance' }) },
    ],
    imbalances: [],
  };

  const minutes = minutesOf(ledger);

  expect(minutes.map((minute) => minute.state)).toEqual(['none', 'imbalance', 'none', 'in-flight']);
  expect(minutes.map((minute) => minute.height)).toEqual([0, 6, 0, 100]);
  expect(minutes[1]?.title).toContain('2 missing');
});

it('givenEachState_whenSummedUp_thenTheWorstComesFirst', () => {
  expect(headline(counts({}))).toContain('Balanced');
  expect(headline(counts({ inFlight: 3, state: 'in-flight' }))).toContain('3 in flight');
  expect(headline(counts({ inFlight: 3, missing: 7, state: 'imbalance' }))).toContain('7 missing');
  expect(headline(counts({ state: 'imbalance' }))).toContain('do not add up');
});

it('givenMinutesThatChange_whenTold_thenRangeItemsAndTotalsFollow', () => {
  const ledger: Ledger = {
    from: '2026-11-23T12:00:00.000Z',
    to: '2026-11-23T12:02:00.000Z',
    totals: counts({ received: 30, stored: 28, inFlight: 2, state: 'in-flight' }),
    items: [
      { start: '2026-11-23T12:01:00Z', counts: counts({ stored: 8, inFlight: 2, state: 'in-flight' }) },
      { start: '2026-11-23T12:00:00Z', counts: counts({ received: 20, stored: 20 }) },
    ],
    imbalances: [],
  };

  const settled = withMinutes(ledger, [{ start: '2026-11-23T12:01:00Z', counts: counts({}) }]);
  expect(settled.totals).toMatchObject({ received: 30, stored: 30, inFlight: 0, state: 'balanced' });
  expect(settled.from).toBe(ledger.from);

  const later = withMinutes(settled, [
    {
      start: '2026-11-23T12:02:00Z',
      counts: counts({ received: 7, stored: 5, missing: 2, state: 'imbalance' }),
    },
  ]);
  expect([later.from, later.to]).toEqual(['2026-11-23T12:01:00.000Z', '2026-11-23T12:03:00.000Z']);
  expect(later.items.map((minute) => minute.start)).toEqual(['2026-11-23T12:02:00Z', '2026-11-23T12:01:00Z']);
  expect(later.totals).toMatchObject({ received: 17, missing: 2, state: 'imbalance' });
});
