import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Severity } from '@/lib/api/types';
import type { TimeZoneChoice } from '@/lib/format/format';
import { useTheme } from '@/lib/ui/theme';
import { CHART } from './palette';
import type { SeriesView } from './seriesBuffer';
import styles from './TimeSeriesChart.module.css';
import { axisWidth, TIME_STEPS, tickLabels, valueLabels } from './ticks';

/** Where the chart reads from; it asks again at each frame that is due. */
export interface ChartSource {
  view: () => SeriesView;
  /** Grows with each change of what `view` returns. */
  version: () => number;
}

export interface Threshold {
  value: number;
  label: string;
  severity: Severity;
  /** The value at which the alert clears, where it differs. */
  clear: number | null;
}

interface Props {
  source: ChartSource;
  /** The window at this instant, epoch milliseconds. A live one moves. */
  window: () => { fromMs: number; toMs: number };
  live: boolean;
  colour: string;
  tz: TimeZoneChoice;
  /** Neighbours further apart are not joined. */
  gapMs: number;
  thresholds?: readonly Threshold[];
  /** 0 and 1 drawn as steps. */
  boolean?: boolean;
  /** Charts with the same key share the crosshair. */
  syncKey: string;
  label: string;
  /** Index of the sample under the crosshair; null for the newest. */
  onCursor: (index: number | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT_PX = 220;
const DENSE_POINTS = 10_000;
/** Without hover the picture is redrawn at least this far apart; a pixel of a long window takes longer anyway. */
const MIN_FRAME_MS = 100;
const CALM_FRAME_MS = 1000;

/** One series over time on a canvas: min–max band, line, gaps as gaps, thresholds labelled in the right margin. */
export function TimeSeriesChart(props: Props) {
  const { theme } = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const plot = useRef<uPlot | null>(null);
  const [focused, setFocused] = useState(false);
  const { tz, syncKey, colour, boolean = false } = props;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const chart = new uPlot(
      optionsFor(element.clientWidth, { theme, tz, syncKey, colour, boolean }, latest),
      dataOf(latest.current.source.view()),
      element,
    );
    plot.current = chart;
    const stop = keepDrawing(chart, latest);
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    resize.observe(element);
    return () => {
      stop();
      resize.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [theme, tz, syncKey, colour, boolean]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const chart = plot.current;
    if (!chart) return;
    const count = chart.data[0].length;
    const step = event.shiftKey ? 10 : 1;
    const at = chart.cursor.idx ?? count - 1;
    const next: Partial<Record<string, number>> = {
      ArrowLeft: at - step,
      ArrowRight: at + step,
      Home: 0,
      End: count - 1,
    };
    const target = next[event.key];
    if (target === undefined || count === 0) return;
    event.preventDefault();
    const index = Math.min(count - 1, Math.max(0, target));
    const left = chart.valToPos(chart.data[0][index] as number, 'x');
    const top = chart.valToPos((chart.data[1]?.[index] as number | undefined) ?? 0, 'y');
    chart.setCursor({ left, top });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas that is read point by point has no element of its own
    <div
      ref={host}
      role="group"
      aria-label={`${props.label}. Arrow keys read it point by point.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the crosshair
      tabIndex={0}
      className={styles.chart}
      data-focused={focused}
      onFocus={() => setFocused(true)}
      onBlur={() => {
        setFocused(false);
        plot.current?.setCursor({ left: -10, top: -10 });
      }}
      onKeyDown={onKeyDown}
    />
  );
}

type Ref = { current: Props };

function dataOf(view: SeriesView): uPlot.AlignedData {
  return [view.times, view.values, view.low, view.high] as unknown as uPlot.AlignedData;
}

/** Draws when the data changed or the window moved by a pixel, never while the tab is hidden. */
function keepDrawing(chart: uPlot, props: Ref): () => void {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  let drawn = -1;
  let lastAt = 0;
  let handle = requestAnimationFrame(frame);
  function frame(at: number) {
    handle = requestAnimationFrame(frame);
    if (document.hidden) return;
    const { source, live, window: range } = props.current;
    const { fromMs, toMs } = range();
    const pixelMs = (toMs - fromMs) / Math.max(1, chart.bbox.width / devicePixelRatio);
    const due = Math.max(calm.matches ? CALM_FRAME_MS : MIN_FRAME_MS, Math.min(1000, pixelMs));
    const changed = source.version() !== drawn;
    if ((!changed && !live) || at - lastAt < due) return;
    lastAt = at;
    drawn = source.version();
    chart.batch(() => {
      chart.setData(dataOf(source.view()), false);
      // Whole milliseconds: uPlot carries a fraction of the edge into every tick, and 18:00 would read 17:59.
      chart.setScale('x', { min: Math.round(fromMs), max: Math.round(toMs) });
    });
  }
  return () => cancelAnimationFrame(handle);
}

interface Look {
  theme: 'light' | 'dark';
  tz: TimeZoneChoice;
  syncKey: string;
  colour: string;
  boolean: boolean;
}

function optionsFor(width: number, look: Look, props: Ref): uPlot.Options {
  const colours = CHART[look.theme];
  const pixel = 1 / devicePixelRatio;
  const axis = { stroke: colours.muted, font: '12px system-ui, sans-serif', ticks: { show: false } };
  // A thick line over many points costs several times a thin one; up to this many it is not felt.
  const points = props.current.source.view().times.length;
  const thin = points > DENSE_POINTS ? pixel : 1.5;
  const paths = look.boolean ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    width: Math.max(width, 100),
    height: HEIGHT_PX,
    ms: 1,
    // Ticks stand at whole hours of the zone that is printed.
    tzDate: (time) => (look.tz === 'utc' ? uPlot.tzDate(new Date(time), 'UTC') : new Date(time)),
    // Room for the threshold labels where one is in sight: inside the plot they would hide what they speak about.
    padding: [12, (chart) => (inSight(chart, props.current.thresholds) ? 84 : 16), 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: look.syncKey, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 1.5 },
    },
    scales: {
      x: { time: true },
      y: {
        range: look.boolean
          ? [-0.1, 1.1]
          : (_chart, low, high) => rangeOf(low, high, props.current.thresholds),
      },
    },
    axes: [
      {
        ...axis,
        grid: { stroke: colours.grid, width: pixel },
        space: width < 480 ? 64 : 84,
        size: 32,
        incrs: TIME_STEPS,
        values: (_chart, ticks, _axis, _space, step) => tickLabels(ticks, step, look.tz),
      },
      {
        ...axis,
        size: (_chart, labels) => axisWidth(labels),
        grid: { stroke: colours.grid, width: pixel },
        ...(look.boolean ? { splits: [0, 1] } : {}),
        values: (_chart, ticks) =>
          look.boolean ? ticks.map((tick) => (tick === 1 ? 'on' : 'off')) : valueLabels(ticks),
      },
    ],
    series: [
      {},
      {
        stroke: look.colour,
        width: thin,
        ...(paths ? { paths } : {}),
        points: { show: (chart) => sparse(chart), size: 4, fill: look.colour, width: 0 },
        gaps: (chart, _series, first, last) => gapsOf(chart, first, last, props.current.gapMs),
      },
      {
        show: true,
        stroke: 'transparent',
        width: 0,
        points: { show: false },
        gaps: (c, _s, a, b) => gapsOf(c, a, b, props.current.gapMs),
      },
      {
        show: true,
        stroke: 'transparent',
        width: 0,
        points: { show: false },
        gaps: (c, _s, a, b) => gapsOf(c, a, b, props.current.gapMs),
      },
    ],
    bands: look.boolean ? [] : [{ series: [3, 2], fill: `${look.colour}33` }],
    hooks: {
      draw: [(chart) => drawThresholds(chart, look, props), (chart) => drawSilence(chart, look, props)],
      setCursor: [(chart) => props.current.onCursor(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          if (chart.select.width < 8) return;
          const from = chart.posToVal(chart.select.left, 'x');
          const to = chart.posToVal(chart.select.left + chart.select.width, 'x');
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          props.current.onZoom(Math.round(from), Math.round(to));
        },
      ],
    },
  };
}

/** Data ± 5 %, widened to a threshold that is near enough to matter. */
function rangeOf(
  low: number | null,
  high: number | null,
  thresholds: readonly Threshold[] = [],
): [number, number] {
  if (low === null || high === null) return [0, 1];
  // A value that never moved still needs an axis with numbers that differ.
  if (high === 0 && low === 0) return [-0.05, 1.05];
  const span = Math.max(high - low, Math.abs(high) * 0.02);
  let [bottom, top] = [low - span * 0.05, high + span * 0.05];
  for (const { value } of thresholds) {
    if (value > top && value - top < span) top = value + span * 0.08;
    if (value < bottom && bottom - value < span) bottom = value - span * 0.08;
  }
  return [bottom, top];
}

function inSight({ scales }: uPlot, thresholds: readonly Threshold[] = []): boolean {
  const { min, max } = scales.y ?? {};
  return min != null && max != null && thresholds.some(({ value }) => value >= min && value <= max);
}

function sparse(chart: uPlot): boolean {
  return chart.data[0].length < (chart.bbox.width / devicePixelRatio) * 0.1;
}

/** Pixel ranges to leave out: a line over a silence would claim values that nobody measured. */
function gapsOf(chart: uPlot, first: number, last: number, gapMs: number): uPlot.Series.Gap[] {
  const times = chart.data[0];
  const gaps: uPlot.Series.Gap[] = [];
  for (let i = first + 1; i <= last; i++) {
    const before = times[i - 1] as number;
    const after = times[i] as number;
    if (after - before <= gapMs) continue;
    gaps.push([Math.round(chart.valToPos(before, 'x', true)), Math.round(chart.valToPos(after, 'x', true))]);
  }
  return gaps;
}

function drawThresholds(chart: uPlot, look: Look, props: Ref): void {
  const { ctx, bbox } = chart;
  const scale = chart.scales.y;
  if (scale?.min == null || scale.max == null) return;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = devicePixelRatio;
  for (const threshold of props.current.thresholds ?? []) {
    const colour = CHART[look.theme][threshold.severity];
    for (const [value, dash] of [
      [threshold.value, [5, 4]],
      [threshold.clear, [1, 4]],
    ] as const) {
      if (value === null || value < scale.min || value > scale.max) continue;
      const y = Math.round(chart.valToPos(value, 'y', true));
      ctx.strokeStyle = colour;
      ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      if (value !== threshold.value) continue;
      ctx.fillStyle = colour;
      ctx.fillText(threshold.label, bbox.left + bbox.width + 6 * devicePixelRatio, y);
    }
  }
  ctx.restore();
}

/** Hatches from the last sample to now when it is older than a gap: nothing is known there. */
function drawSilence(chart: uPlot, look: Look, props: Ref): void {
  const { live, gapMs } = props.current;
  const times = chart.data[0];
  const last = times[times.length - 1] as number | undefined;
  const end = chart.scales.x?.max;
  if (!live || last === undefined || end == null || end - last <= gapMs) return;
  const { ctx, bbox } = chart;
  const left = Math.max(bbox.left, chart.valToPos(last, 'x', true));
  const right = bbox.left + bbox.width;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.globalAlpha = 0.35;
  ctx.strokeStyle = CHART[look.theme].hatch;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = left - bbox.height; x < right; x += 8 * devicePixelRatio) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}
