import type { RuleDraft, Severity, ThresholdOperator } from '@/lib/api/types';

/** The form as typed: text until it is saved, so that a half-typed number is no error yet. */
export interface RuleForm {
  name: string;
  enabled: boolean;
  severity: Severity;
  type: 'threshold' | 'absence';
  metric: string;
  operator: ThresholdOperator;
  value: string;
  clear: string;
  hold: string;
  clearHold: string;
  after: string;
  devices: string;
  types: string;
  sites: string;
  labels: string;
  owner: string;
  runbook: string;
}

export const NEW_RULE: RuleForm = {
  name: '',
  enabled: true,
  severity: 'warning',
  type: 'threshold',
  metric: '',
  operator: 'ge',
  value: '',
  clear: '',
  hold: '60',
  clearHold: '0',
  after: '60',
  devices: '',
  types: '',
  sites: '',
  labels: '',
  owner: '',
  runbook: '',
};

export type FormErrors = Partial<Record<keyof RuleForm, string>>;

export function formOf(rule: RuleDraft): RuleForm {
  const { condition, scope } = rule;
  const threshold = condition.type === 'threshold' ? condition : null;
  return {
    name: rule.name,
    enabled: rule.enabled,
    severity: rule.severity,
    type: condition.type,
    metric: condition.metric ?? '',
    operator: threshold?.operator ?? 'ge',
    value: threshold ? String(threshold.value) : '',
    clear: threshold ? String(threshold.clear) : '',
    hold: String(rule.holdSeconds),
    clearHold: String(rule.clearHoldSeconds),
    after: condition.type === 'absence' ? String(condition.afterSeconds) : '60',
    devices: scope.devices.join(', '),
    types: scope.types.join(', '),
    sites: scope.sites.join(', '),
    labels: Object.entries(scope.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    owner: rule.owner ?? '',
    runbook: rule.runbook ?? '',
  };
}

/** What the form says as a rule, or what is wrong with it, field by field. */
export function draftOf(form: RuleForm): { draft: RuleDraft | null; errors: FormErrors } {
  const errors: FormErrors = {};
  const number = (
    key: 'value' | 'clear' | 'hold' | 'clearHold' | 'after',
    minimum = Number.NEGATIVE_INFINITY,
  ) => {
    const value = form[key].trim() === '' ? Number.NaN : Number(form[key].replace(',', '.'));
    if (!Number.isFinite(value)) errors[key] = 'A number is needed.';
    else if (value < minimum) errors[key] = `At least ${minimum}.`;
    return value;
  };
  if (form.name.trim() === '') errors.name = 'A name is needed: it heads every alert.';
  if (form.runbook.trim() !== '' && !/^https?:\/\//.test(form.runbook.trim()))
    errors.runbook = 'An http or https address.';
  const labels = labelsOf(form.labels);
  if (labels === null) errors.labels = 'Write them as key=value, separated by commas.';
  const threshold = form.type === 'threshold';
  const metric = form.metric.trim();
  if ((threshold || metric !== '') && !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(metric))
    errors.metric = 'The name of a metric.';
  const value = threshold ? number('value') : 0;
  const clear = threshold ? number('clear') : 0;
  const upward = form.operator === 'ge' || form.operator === 'gt';
  if (threshold && (upward ? clear > value : clear < value)) {
    errors.clear = `Must be ${upward ? 'at most' : 'at least'} the limit, else the alert could never settle.`;
  }
  const holdSeconds = threshold ? number('hold', 0) : 0;
  const clearHoldSeconds = threshold ? number('clearHold', 0) : 0;
  const afterSeconds = threshold ? 0 : number('after', 1);
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  return {
    errors,
    draft: {
      name: form.name.trim(),
      enabled: form.enabled,
      severity: form.severity,
      scope: {
        devices: listOf(form.devices),
        types: listOf(form.types),
        sites: listOf(form.sites),
        labels: labels ?? {},
      },
      condition: threshold
        ? { type: 'threshold', metric, operator: form.operator, value, clear }
        : { type: 'absence', afterSeconds, metric: metric || null },
      holdSeconds,
      clearHoldSeconds,
      runbook: form.runbook.trim() || null,
      owner: form.owner.trim() || null,
    },
  };
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function labelsOf(text: string): Record<string, string> | null {
  const pairs = listOf(text).map((item) => item.split('=').map((part) => part.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair[0] === '' || pair[1] === '')) return null;
  return Object.fromEntries(pairs as [string, string][]);
}
