import type { Theme } from '@/lib/ui/theme';

/**
 * Series colours, found by simulated annealing over simulated colour blindness (Machado et al. 2009); a test keeps the
 * distances and contrasts. They stay away from the colours that mean a status.
 */
export const SERIES: Record<Theme, readonly string[]> = {
  dark: ['#61c1ff', '#f7aa00', '#189466', '#ffff86', '#a064fa', '#c2eedb', '#908632', '#b76ca5'],
  light: ['#003a7a', '#a09115', '#09a362', '#4b3200', '#6d14df', '#c15fd2', '#7c2649', '#7d8f9c'],
};

export interface ChartColours {
  surface: string;
  text: string;
  muted: string;
  grid: string;
  critical: string;
  warning: string;
  info: string;
  hatch: string;
}

/** The tokens of tokens.css that a canvas needs as plain colours; a test compares the two. */
export const CHART: Record<Theme, ChartColours> = {
  dark: {
    surface: '#161b22',
    text: '#e6edf3',
    muted: '#a8b3c0',
    grid: '#303a46',
    critical: '#ff7b72',
    warning: '#e8b339',
    info: '#58a6ff',
    hatch: '#8b97a5',
  },
  light: {
    surface: '#ffffff',
    text: '#14181d',
    muted: '#46515d',
    grid: '#cbd3dc',
    critical: '#b3261e',
    warning: '#8a5a00',
    info: '#0b5fcc',
    hatch: '#5d6875',
  },
};

/** A stable colour by name, so that filtering does not recolour what stays. */
export function seriesColour(name: string, theme: Theme): string {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  const palette = SERIES[theme];
  return palette[(hash >>> 0) % palette.length] as string;
}
