import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import * as decode from '@/lib/api/decoders';
import { keys } from '@/lib/api/keys';
import type { Device, FleetSummary, Page, PresenceChange, SystemReport } from '@/lib/api/types';
import { useServices } from '@/lib/services';
import { serverClock } from '@/lib/time/serverClock';

/** At most one refetch of a summary per this time, however many events arrive. */
const REFETCH_EVERY_MS = 3000;

/** Writes the tab's stream into the cache, so that every page is live without asking again and again. */
export function useStreamCache(): void {
  const { hub } = useServices();
  const client = useQueryClient();
  useEffect(() => {
    const refetch = throttledInvalidation(client);
    const stop = hub.onFleet((name, data) => {
      try {
        if (name === 'presence') {
          applyPresence(client, decode.presenceChanges(data, 'presence'));
          refetch.soon(keys.fleet);
        } else if (name === 'alerts') {
          decode.alertChanges(data, 'alerts');
          for (const key of [keys.alerts, keys.alert, keys.fleet]) refetch.soon(key);
        } else if (name === 'system') {
          applySystem(client, data);
        } else if (name === 'reset') {
          // The server no longer has what was missed: everything shown may be out of date.
          void client.invalidateQueries();
        }
      } catch {
        // An event this version cannot read: the polled answers stay right, only later.
        refetch.soon(keys.fleet);
      }
    });
    return () => {
      stop();
      refetch.stop();
    };
  }, [hub, client]);
}

function applyPresence(client: QueryClient, changes: PresenceChange[]): void {
  const byDevice = new Map(changes.map((change) => [change.device, change]));
  const update = <T extends Device>(device: T): T => {
    const change = byDevice.get(device.id);
    if (!change) return device;
    return {
      ...device,
      presence: {
        state: change.state,
        since: isoOf(change.at),
        lastSeen: laterOf(device.presence.lastSeen, change.lastSeen),
        lastSampleTime: laterOf(device.presence.lastSampleTime, change.lastSampleTs),
        connected: change.connected,
        silentMetrics: change.silentMetrics ?? [],
      },
    };
  };
  client.setQueriesData<{ pages: Page<Device>[]; pageParams: unknown[] }>(
    { queryKey: keys.devices },
    (old) =>
      old ? { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map(update) })) } : old,
  );
  for (const id of byDevice.keys()) {
    client.setQueriesData<Device>({ queryKey: [...keys.device, id, 'detail'] }, (old) =>
      old ? update(old) : old,
    );
  }
  client.setQueryData<FleetSummary>(
    keys.fleet,
    (old) => old && { ...old, devices: shift(old.devices, changes) },
  );
}

/** A change of presence may tell an older time than an answer that was read after it. */
function laterOf(known: string | null, micros: number | null): string | null {
  if (micros === null) return known;
  const told = isoOf(micros);
  return known === null || Date.parse(told) > Date.parse(known) ? told : known;
}

type Counts = FleetSummary['devices'];

/** Moves each changed device from its previous state to its new one; the next summary corrects what this misses. */
export function shift(counts: Counts, changes: readonly PresenceChange[]): Counts {
  const next = { ...counts };
  for (const { previous, state } of changes) {
    if (previous === state) continue;
    if (previous === null) next.total++;
    else if (previous in next && previous !== 'total') next[previous as keyof Counts]--;
    next[state]++;
  }
  for (const key of Object.keys(next) as (keyof Counts)[]) next[key] = Math.max(0, next[key]);
  return next;
}

function applySystem(client: QueryClient, data: unknown): void {
  const stages = decode.stages(data, 'system');
  if (stages.length === 0) return;
  const at = new Date(serverClock.now()).toISOString();
  client.setQueryData<SystemReport>(keys.system, (old) => old && { ...old, at, stages });
}

const isoOf = (micros: number): string => new Date(micros / 1000).toISOString();

function throttledInvalidation(client: QueryClient) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    soon(key: readonly string[]): void {
      const name = key.join('/');
      if (timers.has(name)) return;
      timers.set(
        name,
        setTimeout(() => {
          timers.delete(name);
          void client.invalidateQueries({ queryKey: key });
        }, REFETCH_EVERY_MS),
      );
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
