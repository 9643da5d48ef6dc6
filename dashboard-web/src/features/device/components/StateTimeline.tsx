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
  /** When the device was last heard, if it is gone; nobody knows its state after that. */
  knownToMs: number | null;
  tz: TimeZoneChoice;
}

/** A first block this near to the edge, as a share of the window, came in over it. */
const EDGE = 0.01;

/** States as blocks over time, with their words; the list under it says the same for readers. */
export function StateTimeline({ spans, range, knownToMs, tz }: Props) {
  useNow();
  const { theme } = useTheme();
  const { fromMs, toMs } = range();
  const endMs = Math.min(toMs, knownToMs ?? toMs);
  const blocks = spans
    .map((span, index) => ({ ...span, endMs: Math.min(toMs, spans[index + 1]?.timeMs ?? endMs) }))
    .filter((block) => block.endMs > fromMs)
    .map((block) => ({ ...block, startMs: Math.max(fromMs, block.timeMs) }))
    // What the window begins with was so before; when it began is not in the window.
    .map((block, index) => ({
      ...block,
      carriedIn: index === 0 && block.timeMs - fromMs < (toMs - fromMs) * EDGE,
    }));
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
            <strong>{block.text}</strong> <span className={ui.second}>{whenText(block, tz)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function whenText(
  block: { timeMs: number; startMs: number; endMs: number; carriedIn: boolean },
  tz: TimeZoneChoice,
): string {
  if (block.carriedIn) return `since ${formatDateTime(block.startMs, tz)} or before`;
  const start = formatDateTime(block.timeMs, tz);
  // Heard once and gone: nobody knows how long the state lasted.
  if (block.endMs - block.timeMs < 1000) return `at ${start}`;
  return `from ${start} for ${formatDuration(block.endMs - block.timeMs)}`;
}
