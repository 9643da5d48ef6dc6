import { expect, it } from 'vitest';
import { alertsSearch } from '@/features/alerts/search';
import { deviceSearch } from '@/features/device/search';
import { parseSearch, stringifySearch } from './search';

it('givenFilter_whenWrittenAndRead_thenItIsTheSameAndReadable', () => {
  const text = stringifySearch({ q: 'status:late site:"hall 3"', sort: '-lastSeen', none: undefined });

  expect(text).toBe('?q=status:late+site:%22hall+3%22&sort=-lastSeen');
  expect(parseSearch(text)).toEqual({ q: 'status:late site:"hall 3"', sort: '-lastSeen' });
});

it('givenPlusAndAmpersand_whenWrittenAndRead_thenTheySurvive', () => {
  const search = { q: 'a+b&c=d%20#e' };

  expect(parseSearch(stringifySearch(search))).toEqual(search);
});

it('givenBadValues_whenValidated_thenTheyAreDropped', () => {
  expect(deviceSearch({ range: '3y', tz: 'mars', from: 'x', to: 'y' })).toEqual({});
  expect(alertsSearch({ severity: 'pink', state: 'open', ack: 'no' })).toEqual({ ack: 'no' });
});

it('givenHalfAWindow_whenValidated_thenItIsNoWindow', () => {
  expect(deviceSearch({ from: '2026-11-23T12:00:00Z' })).toEqual({});
  expect(deviceSearch({ from: '2026-11-23T13:00:00Z', to: '2026-11-23T12:00:00Z' })).toEqual({});
});
