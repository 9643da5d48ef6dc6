import type { SiteSummary } from '@/lib/api/types';

/** By critical alerts, then warnings, then the share of devices that do not report. */
export function worstFirst(sites: readonly SiteSummary[]): SiteSummary[] {
  const quiet = (site: SiteSummary) => (site.devices === 0 ? 0 : 1 - site.reporting / site.devices);
  return [...sites].sort(
    (a, b) =>
      b.alerts.critical - a.alerts.critical ||
      b.alerts.warning - a.alerts.warning ||
      quiet(b) - quiet(a) ||
      a.id.localeCompare(b.id),
  );
}
