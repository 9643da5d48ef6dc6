import { useSyncExternalStore } from 'react';
import { serverClock } from './serverClock';

/** One timer for every age on the page: all of them step together, by the server's clock. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = serverClock.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverClock.now();
    timer = setInterval(() => {
      now = serverClock.now();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function snapshot(): number {
  if (timer === undefined) now = serverClock.now();
  // Without a running timer two reads in one render must still agree.
  return Math.floor(now / 100) * 100;
}

/** Server-corrected epoch milliseconds, once a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, snapshot);
