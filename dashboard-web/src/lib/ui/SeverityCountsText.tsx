import type { Severity, SeverityCounts } from '@/lib/api/types';
import { formatCount } from '@/lib/format/format';
import { SEVERITY_WORDS } from './marks';
import { StatusMark } from './StatusMark';
import ui from './ui.module.css';

const ORDER: Severity[] = ['critical', 'warning', 'info'];

/** `▲ 14 ◆ 61`, or a dash. */
export function SeverityCountsText({ counts }: { counts: SeverityCounts }) {
  const shown = ORDER.filter((severity) => counts[severity] > 0);
  if (shown.length === 0) return <span className={ui.dim}>–</span>;
  return (
    <span className={ui.status}>
      {shown.map((severity) => (
        <span key={severity} className={ui.status} title={`${counts[severity]} ${SEVERITY_WORDS[severity]}`}>
          <StatusMark mark={severity} />
          {formatCount(counts[severity])}
          <span className="visually-hidden"> {SEVERITY_WORDS[severity]}</span>
        </span>
      ))}
    </span>
  );
}
