import { expect, it } from 'vitest';
import type { Alert } from '@/lib/api/types';
import { groupAlerts } from './grouping';

const alert = (parts: Partial<Alert>): Alert => ({
  id: 'a',
  device: 'd',
  site: 'lyon',
  metric: null,
  ruleId: 'r1',
  ruleName: 'Rule',
  ruleVersion: 1,
  kind: 'threshold',
  severity: 'warning',
  state: 'firing',
  pendingSince: null,
  firingSince: '2026-11-23T12:00:00Z',
  resolvedAt: null,
  value: null,
  threshold: null,
  explanation: null,
  acknowledged: null,
  comment: null,
  allowedActions: [],
  ...parts,
});

it('givenOneRuleAtTwoSites_whenGrouped_thenThereAreTwoGroupsAndTheOldestStartCounts', () => {
  const groups = groupAlerts([
    alert({ id: '1', firingSince: '2026-11-23T12:05:00Z' }),
    alert({ id: '2', firingSince: '2026-11-23T11:00:00Z', acknowledged: { at: '', by: null } }),
    alert({ id: '3', site: 'oslo' }),
  ]);

  expect(groups.map((group) => [group.site, group.alerts.length, group.unacknowledged, group.since])).toEqual(
    [
      ['lyon', 2, 1, '2026-11-23T11:00:00Z'],
      ['oslo', 1, 1, '2026-11-23T12:00:00Z'],
    ],
  );
});

it('givenSeverities_whenGrouped_thenTheGravestComesFirst', () => {
  const groups = groupAlerts([
    alert({ id: '1' }),
    alert({ id: '2', ruleId: 'r2', severity: 'critical', firingSince: '2026-11-20T00:00:00Z' }),
  ]);

  expect(groups.map((group) => group.severity)).toEqual(['critical', 'warning']);
});
