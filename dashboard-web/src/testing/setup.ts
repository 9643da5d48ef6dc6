import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// jsdom has neither a canvas nor media queries: charts are looked at in the browser tests.
vi.mock('uplot', () => ({ default: class {} }));

Object.defineProperty(window, 'matchMedia', {
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});
window.scrollTo = () => undefined;

// A page that loads its chunk on a machine that is busy takes longer than the second that is usual.
configure({ asyncUtilTimeout: 5000 });

afterEach(() => cleanup());
