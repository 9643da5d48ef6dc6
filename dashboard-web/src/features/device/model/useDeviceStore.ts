import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { keys } from '@/lib/api/keys';
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
  const client = useQueryClient();
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
        shown: () => ({ metrics: names.split('\n'), ...boundsOf(window) }),
        fetchHistory: (signal) =>
          fetchData(
            api,
            device,
            { metrics: names.split('\n'), ...boundsOf(window), maxPoints: MAX_POINTS },
            signal,
          ),
        fetchPart: (part, resolution, signal) =>
          fetchData(api, device, { ...part, bucket: resolution, maxPoints: MAX_POINTS }, signal),
        onStoredChange: () => void client.invalidateQueries({ queryKey: [...keys.device, device, 'latest'] }),
      }),
    [api, hub, client, device, names, key],
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

function boundsOf(window: TimeWindow): { fromMs: number; toMs: number } {
  if (window.mode === 'fixed') return { fromMs: window.fromMs, toMs: window.toMs };
  const toMs = serverClock.now();
  return { fromMs: toMs - window.lengthMs, toMs };
}
