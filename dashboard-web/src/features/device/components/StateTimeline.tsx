import { seriesColour } from '@/lib/chart/palette';
import { formatDateTime, formatDuration, type TimeZoneChoice } from '@/lib/format/format';
import { useNow } from '@/lib/time/useNow';
import { useTheme } from '@/lib/ui/theme';
import ui from '@/lib/ui/ui.module.css';
import styles from '../device.module.css';
import type { StateSpan } from '../model/deviceStore';

interface Props {
  spans: readonly StateSpan[];
  range: () => { fromMs: number; toMs: number };
  tz: TimeZoneChoice;
}

/** States as blocks over time, with their words; the list under it says the same for readers. */
export function StateTimeline({ spans, range, tz }: Props) {
  useNow();
  const { theme } = useTheme();
  const { fromMs, toMs } = range();
  const blocks = spans
    .map((span, index) => ({ ...span, endMs: Math.min(toMs, spans[index + 1]?.timeMs ?? toMs) }))
    .filter((block) => block.endMs > fromMs)
    .map((block) => ({ ...block, startMs: Math.max(fromMs, block.timeMs) }));
  const shown = [...blocks].reverse().slice(0, 5);
  return (
    <div className={styles.pad}>
      <div className={styles.timeline} aria-hidden="true">
        {blocks.map((block) => (
          <span
            key={block.timeMs}
            title={`${block.text}, ${formatDateTime(block.timeMs, tz)}`}
            style={{
              left: `${((block.startMs - fromMs) / (toMs - fromMs)) * 100}%`,
              width: `${((block.endMs - block.startMs) / (toMs - fromMs)) * 100}%`,
              borderTopColor: seriesColour(block.text, theme),
            }}
          >
            <span>{block.text}</span>
          </span>
        ))}
      </div>
      <ul className={styles.states}>
        {shown.map((block) => (
          <li key={block.timeMs}>
            <strong>{block.text}</strong>{' '}
            <span className={ui.second}>
              from {formatDateTime(block.timeMs, tz)} for {formatDuration(block.endMs - block.timeMs)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
