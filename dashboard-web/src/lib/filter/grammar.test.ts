import { describe, expect, it } from 'vitest';
import { parseFilter, removeToken, toggleToken, tokenValue } from './grammar';

describe('parseFilter', () => {
  it('givenWordsAndTokens_whenParsed_thenBothAreTold', () => {
    const filter = parseFilter('boiler status:late temp>30 Site:lyon');

    expect(filter.others).toEqual(['boiler', 'temp>30']);
    expect(filter.tokens.map(({ key, value }) => [key, value])).toEqual([
      ['status', 'late'],
      ['site', 'lyon'],
    ]);
  });

  it('givenQuotes_whenParsed_thenSpacesStayInside', () => {
    expect(parseFilter('site:"hall \\"3\\"" "line 2"')).toMatchObject({
      tokens: [{ key: 'site', value: 'hall "3"' }],
      others: ['"line 2"'],
    });
  });

  it.each(['status:', ':late', '::', '"', 'site:"', '-status:late', 'status:late,silent', 'site:ly*'])(
    'givenNoPlainToken_%s_whenParsed_thenItIsNone',
    (text) => {
      expect(parseFilter(text).tokens).toEqual([]);
    },
  );
});

describe('toggleToken', () => {
  it('givenOtherValueOfTheKey_whenToggled_thenItIsReplaced', () => {
    expect(toggleToken('boiler status:late', 'status', 'silent')).toBe('boiler status:silent');
  });

  it('givenTheSameToken_whenToggled_thenItGoes', () => {
    expect(toggleToken('status:late boiler', 'status', 'late')).toBe('boiler');
  });

  it('givenSeveralValuesOfTheKey_whenToggled_thenOneStandsInTheirPlace', () => {
    expect(toggleToken('status:late,silent x', 'status', 'late')).toBe('x status:late');
  });

  it('givenSpaceInValue_whenToggled_thenItIsQuotedAndReadBack', () => {
    const text = toggleToken('', 'site', 'hall 3');

    expect(text).toBe('site:"hall 3"');
    expect(tokenValue(text, 'site')).toBe('hall 3');
  });
});

describe('alternatives', () => {
  it.each([
    ['site:lyon or site:paris', '(site:lyon or site:paris) status:late'],
    ['(site:lyon or "a or b") temp>30', '(site:lyon or "a or b") temp>30 status:late'],
    ['-(a (b or c)) status:silent', '-(a (b or c)) status:late'],
    ['a(2 "x or', 'a(2 "x or status:late'],
    ['(a or b', '(a or b status:late'],
    ['oregon OR "or"', '(oregon OR "or") status:late'],
  ])('given_%s_whenATokenIsAdded_thenItHoldsForAllOfThem', (text, expected) => {
    expect(toggleToken(text, 'status', 'late')).toBe(expected);
  });

  it('givenAlternatives_whenParsed_thenTheyAreOneChipThatCanGo', () => {
    const { tokens, others } = parseFilter('(site:lyon or site:paris) type:pump');

    expect(tokens.map(({ key }) => key)).toEqual(['type']);
    expect(others).toEqual(['(site:lyon or site:paris)']);
    expect(removeToken('(site:lyon or site:paris) type:pump', '(site:lyon or site:paris)')).toBe('type:pump');
    expect(removeToken('a or b', '(a or b)')).toBe('');
  });
});

it('givenToken_whenRemoved_thenTheRestStays', () => {
  expect(removeToken('a type:pump b', 'type:pump')).toBe('a b');
});
