import type { Alert, Severity } from '@/lib/api/types';

export interface AlertGroup {
  key: string;
  ruleName: string;
  site: string | null;
  severity: Severity;
  alerts: Alert[];
  since: string | null;
  unacknowledged: number;
}

const RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

export const sinceOf = (alert: Alert): string | null =>
  alert.resolvedAt ?? alert.firingSince ?? alert.pendingSince;

/** Gravest first, then not acknowledged before acknowledged, then newest first. */
export function bySeverity(a: Alert, b: Alert): number {
  return (
    RANK[a.severity] - RANK[b.severity] ||
    Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
    (sinceOf(b) ?? '').localeCompare(sinceOf(a) ?? '') ||
    a.id.localeCompare(b.id)
  );
}

/** One group per rule and site: four hundred alerts of one cause are one thing to look at. */
export function groupAlerts(alerts: readonly Alert[]): AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of [...alerts].sort(bySeverity)) {
    const key = `${alert.ruleId}/${alert.site ?? ''}`;
    const group = groups.get(key);
    const since = sinceOf(alert);
    const open = alert.acknowledged === null ? 1 : 0;
    if (!group) {
      const { ruleName, site, severity } = alert;
      groups.set(key, { key, ruleName, site, severity, alerts: [alert], since, unacknowledged: open });
      continue;
    }
    group.alerts.push(alert);
    group.unacknowledged += open;
    if (since !== null && (group.since === null || since < group.since)) group.since = since;
  }
  return [...groups.values()];
}
