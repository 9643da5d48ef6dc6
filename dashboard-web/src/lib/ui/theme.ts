import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const KEY = 'heliograph.theme';
const prefersLight = window.matchMedia('(prefers-color-scheme: light)');
const listeners = new Set<() => void>();

function read(): ThemeChoice {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function choose(choice: ThemeChoice): void {
  if (choice === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, choice);
    document.documentElement.dataset.theme = choice;
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  prefersLight.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    prefersLight.removeEventListener('change', listener);
  };
}

const resolve = (choice: ThemeChoice): Theme => {
  if (choice !== 'system') return choice;
  return prefersLight.matches ? 'light' : 'dark';
};

/** The chosen theme and what it comes to; charts need the latter because a canvas knows no custom properties. */
export function useTheme(): { choice: ThemeChoice; theme: Theme; choose: (choice: ThemeChoice) => void } {
  const choice = useSyncExternalStore(subscribe, read);
  const theme = useSyncExternalStore(subscribe, () => resolve(read()));
  return { choice, theme, choose };
}
