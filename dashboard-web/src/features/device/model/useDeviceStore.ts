import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useServices } from '@/lib/services';
import { LIVE_WINDOW_MS, type TimeWindow } from '@/lib/time/range';
import { serverClock } from '@/lib/time/serverClock';
import { fetchData } from '../api';
import { DeviceStore } from './deviceStore';

/** Twice a wide chart's pixels: more could not be seen. */
const MAX_POINTS = 1600;
const REFRESH_MIN_MS = 15_000;

/** The store of one device and window; it lives as long as both stay the same. */
export function useDeviceStore(device: string, metrics: readonly string[], window: TimeWindow) {
  const { api, hub } = useServices();
  const names = metrics.join('\n');
  const key = window.mode === 'live' ? window.preset : `${window.fromMs}/${window.toMs}`;
  const live = window.mode === 'live';
  const appendLive = live && window.lengthMs <= LIVE_WINDOW_MS;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the window, `names` for the metrics
  const store = useMemo(
    () =>
      new DeviceStore(device, {
        subscribe: (listener) => hub.onDevice(device, listener),
        appendLive,
        fetchHistory: (signal) => {
          const now = serverClock.now();
          const fromMs = window.mode === 'fixed' ? window.fromMs : now - window.lengthMs;
          const toMs = window.mode === 'fixed' ? window.toMs : now;
          return fetchData(
            api,
            device,
            { metrics: names.split('\n'), fromMs, toMs, maxPoints: MAX_POINTS },
            signal,
          );
        },
      }),
    [api, hub, device, names, key],
  );
  useEffect(() => (names === '' ? undefined : store.start()), [store, names]);
  useEffect(() => {
    if (!live || appendLive) return;
    const timer = setInterval(
      () => void store.reload(),
      Math.max(REFRESH_MIN_MS, window.lengthMs / MAX_POINTS),
    );
    return () => clearInterval(timer);
  }, [store, live, appendLive, window.lengthMs]);
  return { store, state: useSyncExternalStore(store.subscribe, store.snapshot) };
}
