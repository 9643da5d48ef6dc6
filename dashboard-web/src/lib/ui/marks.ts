import type { PresenceState, Severity, SeverityCounts, StageState } from '@/lib/api/types';
import type { Mark } from './StatusMark';

export const PRESENCE_MARKS: Record<PresenceState, Mark> = {
  reporting: 'ok',
  late: 'late',
  silent: 'silent',
  offline: 'offline',
  unknown: 'unknown',
};

export const STAGE_MARKS: Record<StageState, Mark> = {
  ok: 'ok',
  degraded: 'warning',
  down: 'critical',
  unknown: 'unknown',
};

export const STAGE_WORDS: Record<StageState, string> = {
  ok: 'OK',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
};

export const SEVERITY_WORDS: Record<Severity, string> = {
  critical: 'Critical',
  warning: 'Warning',
  info: 'Info',
};

/** The gravest severity that is open; null when none is. */
export function worstOf(counts: SeverityCounts): Severity | null {
  if (counts.critical > 0) return 'critical';
  if (counts.warning > 0) return 'warning';
  return counts.info > 0 ? 'info' : null;
}
