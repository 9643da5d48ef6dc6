import type { RuleCondition, RuleDraft, RuleScope, ThresholdOperator } from '@/lib/api/types';
import { formatDuration, formatNumber } from '@/lib/format/format';

export const OPERATOR_SIGNS: Record<ThresholdOperator, string> = { ge: '≥', gt: '>', le: '≤', lt: '<' };
/** The other side: where a value must be for the alert to clear. */
const CLEAR_SIGNS: Record<ThresholdOperator, string> = { ge: '<', gt: '≤', le: '>', lt: '≥' };

export function conditionText(condition: RuleCondition, holdSeconds: number): string {
  if (condition.type === 'absence') {
    const missed = condition.metric ? ` with ${condition.metric}` : '';
    return `no reading${missed} for ${formatDuration(condition.afterSeconds * 1000)}`;
  }
  const { metric, operator, value } = condition;
  const hold = holdSeconds > 0 ? ` for ${formatDuration(holdSeconds * 1000)}` : '';
  return `${metric || 'metric'} ${OPERATOR_SIGNS[operator]} ${formatNumber(value)}${hold}`;
}

export function clearText({ condition, clearHoldSeconds }: RuleDraft): string {
  if (condition.type === 'absence')
    return condition.metric ? `with the next ${condition.metric}` : 'with the next reading';
  const hold = clearHoldSeconds > 0 ? ` for ${formatDuration(clearHoldSeconds * 1000)}` : '';
  return `when ${condition.metric || 'it'} ${CLEAR_SIGNS[condition.operator]} ${formatNumber(condition.clear)}${hold}`;
}

export function scopeText(scope: RuleScope): string {
  const parts = [
    named('device', scope.devices),
    named('type', scope.types),
    named('site', scope.sites),
    ...Object.entries(scope.labels).map(([key, value]) => `${key}=${value}`),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : 'all devices';
}

const named = (noun: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
