import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHART, SERIES, seriesColour } from './palette';

type Rgb = [number, number, number];

const rgb = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as Rgb;
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function contrast(a: string, b: string): number {
  const [bright, dark] = [a, b]
    .map((hex) => {
      const [red, green, blue] = rgb(hex).map(linear) as Rgb;
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

/** Severity 1 matrices of Machado, Oliveira and Fernandes, 2009; applied to linear light. */
const SIMULATIONS: Record<string, readonly (readonly number[])[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab(hex: string, matrix: readonly (readonly number[])[]): Rgb {
  const light = rgb(hex).map(linear);
  const [red, green, blue] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, factor, index) => sum + factor * (light[index] as number), 0),
      ),
    ),
  ) as Rgb;
  const xyz = [
    (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
    0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
    (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)) as Rgb;
  return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];
}

function smallestDistance(colours: readonly string[], matrix: readonly (readonly number[])[]): number {
  const points = colours.map((colour) => lab(colour, matrix));
  let smallest = Number.POSITIVE_INFINITY;
  points.forEach((a, i) => {
    for (const b of points.slice(i + 1))
      smallest = Math.min(smallest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  });
  return smallest;
}

describe.each(['dark', 'light'] as const)('series colours, %s', (theme) => {
  it.each(Object.entries(SIMULATIONS))(
    'givenEyes_%s_whenCompared_thenEveryPairCanBeToldApart',
    (_eyes, matrix) => {
      expect(smallestDistance(SERIES[theme], matrix)).toBeGreaterThan(20);
    },
  );

  it('givenTheSurface_whenDrawn_thenLinesHaveAtLeastThreeToOne', () => {
    for (const colour of SERIES[theme])
      expect(contrast(colour, CHART[theme].surface)).toBeGreaterThanOrEqual(3);
  });

  it('givenStatusAndText_whenDrawn_thenTheyHaveAtLeastFourAndAHalfToOne', () => {
    const { surface, critical, warning, info, text, muted } = CHART[theme];
    for (const colour of [critical, warning, info, text, muted]) {
      expect(contrast(colour, surface)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('givenTokens_whenTheCanvasUsesThem_thenTheyAreTheSameAsInCss', () => {
  const css = readFileSync('src/lib/ui/tokens.css', 'utf8');
  const token = (name: string) =>
    new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const names = {
    surface: 'surface',
    text: 'text',
    muted: 'text-2',
    grid: 'border',
    critical: 'critical',
  } as const;

  for (const [key, name] of Object.entries({ ...names, warning: 'warning', info: 'info', hatch: 'mute' })) {
    const [, light, dark] = token(name) ?? [];
    expect([light, dark]).toEqual([
      CHART.light[key as keyof typeof CHART.light],
      CHART.dark[key as keyof typeof CHART.dark],
    ]);
  }
});

it('givenAName_whenColouredTwice_thenTheColourIsTheSame', () => {
  expect(seriesColour('temperature', 'dark')).toBe(seriesColour('temperature', 'dark'));
});
