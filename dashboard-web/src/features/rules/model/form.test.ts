import { describe, expect, it } from 'vitest';
import { draftOf, formOf, NEW_RULE, type RuleForm } from './form';
import { clearText, conditionText } from './ruleText';

const ABSENCE: RuleForm = { ...NEW_RULE, name: 'Sensor gone', type: 'absence', after: '300' };

describe('the rule form', () => {
  it('givenAbsenceWithoutMetric_whenSaved_thenAnyReadingCounts', () => {
    const { draft } = draftOf(ABSENCE);

    expect(draft?.condition).toEqual({ type: 'absence', afterSeconds: 300, metric: null });
    expect(draft && conditionText(draft.condition, 0)).toBe('no reading for 5\u2009min');
    expect(draft && clearText(draft)).toBe('with the next reading');
  });

  it('givenAbsenceOfAMetric_whenSavedAndOpenedAgain_thenTheMetricIsThere', () => {
    const { draft } = draftOf({ ...ABSENCE, metric: ' humidity ' });

    expect(draft?.condition).toEqual({ type: 'absence', afterSeconds: 300, metric: 'humidity' });
    expect(draft && formOf(draft).metric).toBe('humidity');
    expect(draft && conditionText(draft.condition, 0)).toBe('no reading with humidity for 5\u2009min');
    expect(draft && clearText(draft)).toBe('with the next humidity');
  });

  it('givenNoNameOfAMetric_whenSaved_thenTheFieldSaysSo', () => {
    expect(draftOf({ ...ABSENCE, metric: '1 humidity' }).errors.metric).toBeDefined();
    expect(draftOf({ ...ABSENCE, type: 'threshold', value: '1', clear: '1' }).errors.metric).toBeDefined();
  });
});
