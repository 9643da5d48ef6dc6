import { describe, expect, it } from 'vitest';
import { explained } from './explanation';

describe('explained', () => {
  it('givenInstant_whenShown_thenItIsATimeOfThePage', () => {
    const text = explained('no reading for 1 min 30 s; the last came at 2026-11-26T00:59:12Z', 'utc');

    expect(text).toBe('no reading for 1 min 30 s; the last came at 26 Nov 2026, 00:59:12');
  });

  it('givenComparison_whenShown_thenItIsASign', () => {
    expect(explained('co2 1774 >= 1400 for 3 min', 'utc')).toBe('co2 1774 ≥ 1400 for 3 min');
    expect(explained('pressure 0.9 <= 1', 'utc')).toBe('pressure 0.9 ≤ 1');
  });
});
