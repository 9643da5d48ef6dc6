import { expect, it } from 'vitest';
import { axisWidth, tickLabels, valueLabels } from './ticks';

const at = (text: string) => Date.parse(`2026-11-23T${text}Z`);

it('givenTickAFractionBeforeTheHour_whenLabelled_thenItIsTheHour', () => {
  expect(tickLabels([at('18:00:00') - 0.4, at('21:00:00') - 0.4], 10_800_000, 'utc')).toEqual([
    '18:00',
    '21:00',
  ]);
});

it('givenMidnight_whenLabelled_thenTheDayIsNamed', () => {
  expect(tickLabels([at('00:00:00'), at('06:00:00')], 21_600_000, 'utc')).toEqual(['23 Nov', '06:00']);
});

it('givenTicksWithinAMinute_whenLabelled_thenSecondsAreTold', () => {
  expect(tickLabels([at('14:03:10')], 10_000, 'utc')).toEqual(['14:03:10']);
});

it('givenValues_whenLabelled_thenAllHaveTheDecimalsOfTheirDistance', () => {
  expect(valueLabels([12, 12.5, 13])).toEqual(['12.0', '12.5', '13.0']);
  expect(valueLabels([-70, -68])).toEqual(['\u221270', '\u221268']);
  expect(valueLabels([0, 0.25])).toEqual(['0.00', '0.25']);
});

it('givenLongLabels_whenTheAxisIsSized_thenTheyFitAndShortOnesKeepChartsAligned', () => {
  expect(axisWidth(null)).toBe(58);
  expect(axisWidth(['0', '12.5'])).toBe(58);
  expect(axisWidth(['0.004880', '0.004895'])).toBe(72);
});
