import type { Device, Rule } from '@/lib/api/types';
import type { Threshold } from '@/lib/chart/TimeSeriesChart';
import { formatNumber } from '@/lib/format/format';

export const OPERATORS = { ge: '≥', gt: '>', le: '≤', lt: '<' } as const;

/** The limits that enabled rules put on one metric of a device. */
export function thresholdsOf(rules: readonly Rule[], device: Device, metric: string): Threshold[] {
  return rules.flatMap((rule) => {
    const { condition } = rule;
    if (
      !rule.enabled ||
      condition.type !== 'threshold' ||
      condition.metric !== metric ||
      !covers(rule, device)
    )
      return [];
    return [
      {
        value: condition.value,
        clear: condition.clear === condition.value ? null : condition.clear,
        severity: rule.severity,
        label: `${rule.severity.slice(0, 4)} ${OPERATORS[condition.operator]}${formatNumber(condition.value)}`,
      },
    ];
  });
}

/** All criteria that a rule gives must match; an empty list asks nothing. */
export function covers({ scope }: Rule, device: Device): boolean {
  const names = (list: string[], value: string | null) =>
    list.length === 0 || (value !== null && list.includes(value));
  return (
    names(scope.devices, device.id) &&
    names(scope.types, device.type) &&
    names(scope.sites, device.site) &&
    Object.entries(scope.labels).every(([key, value]) => device.labels[key] === value)
  );
}
