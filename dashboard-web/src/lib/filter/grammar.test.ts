import { describe, expect, it } from 'vitest';
import { parseFilter, removeToken, toggleToken, tokenValue } from './grammar';

describe('parseFilter', () => {
  it('givenWordsAndTokens_whenParsed_thenBothAreTold', () => {
    const filter = parseFilter('boiler status:late site:lyon');

    expect(filter.words).toEqual(['boiler']);
    expect(filter.tokens.map(({ key, value }) => [key, value])).toEqual([
      ['status', 'late'],
      ['site', 'lyon'],
    ]);
  });

  it('givenQuotes_whenParsed_thenSpacesStayInside', () => {
    expect(parseFilter('site:"hall 3" "line 2"')).toMatchObject({
      tokens: [{ key: 'site', value: 'hall 3' }],
      words: ['line 2'],
    });
  });

  it.each(['status:', ':late', '::', '"', 'site:"'])(
    'givenHalfTyped_%s_whenParsed_thenNothingThrows',
    (text) => {
      expect(parseFilter(text).tokens).toEqual([]);
    },
  );

  it('givenUnknownKey_whenParsed_thenItIsReportedInsteadOfMatchingNothing', () => {
    expect(parseFilter('colour:red').unknownKeys).toEqual(['colour']);
  });
});

describe('toggleToken', () => {
  it('givenOtherValueOfTheKey_whenToggled_thenItIsReplaced', () => {
    expect(toggleToken('boiler status:late', 'status', 'silent')).toBe('boiler status:silent');
  });

  it('givenTheSameToken_whenToggled_thenItGoes', () => {
    expect(toggleToken('status:late boiler', 'status', 'late')).toBe('boiler');
  });

  it('givenSpaceInValue_whenToggled_thenItIsQuotedAndReadBack', () => {
    const text = toggleToken('', 'site', 'hall 3');

    expect(text).toBe('site:"hall 3"');
    expect(tokenValue(text, 'site')).toBe('hall 3');
  });
});

it('givenToken_whenRemoved_thenTheRestStays', () => {
  expect(removeToken('a type:pump b', 'type:pump')).toBe('a b');
});
