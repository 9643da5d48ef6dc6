import ui from './Sparkline.module.css';

const WIDTH = 160;
const HEIGHT = 32;

/** A trend without axes; the number beside it carries the value. Starts at zero, so a small wobble looks small. */
export function Sparkline({
  points,
  label,
}: {
  points: readonly { at: number; value: number }[];
  label: string;
}) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 3) return <div className={ui.waiting}>collecting a trend…</div>;
  const span = Math.max(1, last.at - first.at);
  const top = Math.max(...points.map((point) => point.value), 1e-9) * 1.1;
  const spots = points.map(
    (point) =>
      `${(((point.at - first.at) / span) * WIDTH).toFixed(1)},${(HEIGHT - (point.value / top) * HEIGHT).toFixed(1)}`,
  );
  return (
    <svg
      className={ui.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <polygon points={`0,${HEIGHT} ${spots.join(' ')} ${WIDTH},${HEIGHT}`} className={ui.area} />
      <polyline points={spots.join(' ')} className={ui.line} />
    </svg>
  );
}
