import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCounted,
  formatDateTime,
  formatDuration,
  formatFixed,
  formatMoment,
  formatNumber,
  formatValue,
} from './format';

const THIN = '\u2009';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0.00001, '\u22121.00e-5'],
    [21.4, '21.4'],
    [-71, '\u221271'],
    [-70.0, '\u221270'],
    [46.9123, '46.91'],
    [0.123456, '0.1235'],
    [1234.5, '1,235'],
    [12_345_678, '12,345,678'],
    [1.5e12, '1.50e+12'],
    [100, '100'],
  ])('given_%d_whenWritten_thenIs_%s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('givenNothing_whenWritten_thenIsADashAndNeverZero', () => {
    expect(formatNumber(null)).toBe('–');
    expect(formatNumber(Number.NaN)).toBe('–');
    expect(formatValue(null, '°C')).toBe('–');
  });
});

it('givenUnit_whenWritten_thenAThinSpaceSeparates', () => {
  expect(formatValue(21.4, '°C')).toBe(`21.4${THIN}°C`);
});

it('givenNegativeZero_whenFixed_thenNoMinus', () => {
  expect(formatFixed(-0.001, 1)).toBe('0.0');
  expect(formatFixed(-1.25, 1)).toMatch(/^\u22121\.[23]$/);
});

it.each([
  [0.4, `<1${THIN}ms`],
  [400.7, `400${THIN}ms`],
  [4230, `4.2${THIN}s`],
  [5000, `5${THIN}s`],
  [38_000, `38${THIN}s`],
  [240_000, `4${THIN}min`],
  [7_200_000, `2${THIN}h`],
  [259_200_000, `3${THIN}d`],
  [-5, `0${THIN}s`],
])('givenDurationOf%iMs_whenWritten_thenIs_%s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('givenAges_whenWritten_thenTheyTickInWholeSeconds', () => {
  expect(formatAge(900)).toBe('now');
  expect(formatAge(4900)).toBe(`4${THIN}s ago`);
});

it('givenSizes_whenWritten_thenUnitsAreDecimal', () => {
  expect(formatBytes(999)).toBe(`999${THIN}B`);
  expect(formatBytes(2_310_000_000)).toBe(`2.31${THIN}GB`);
  expect(formatCount(93_117)).toBe('93,117');
});

it('givenCountAndNoun_whenWritten_thenOneIsSingular', () => {
  expect(formatCounted(1, 'message')).toBe('1 message');
  expect(formatCounted(0, 'message')).toBe('0 messages');
  expect(formatCounted(2048, 'message')).toBe('2,048 messages');
});

it('givenZone_whenWritten_thenUtcIsUtc', () => {
  const time = Date.parse('2026-11-23T14:03:22Z');

  expect(formatDateTime(time, 'utc')).toBe('23 Nov 2026, 14:03:22');
  expect(formatMoment(time, time + 60_000, 'utc')).toBe('14:03:22');
  expect(formatMoment(time, time + 90_000_000, 'utc')).toBe('23 Nov 14:03');
});
