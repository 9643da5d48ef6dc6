import type { DeviceDetail } from '@/lib/api/types';
import type { Newest } from './deviceStore';

const later = (known: string | null, timeMs: number): string | null =>
  known === null || timeMs > Date.parse(known) ? new Date(timeMs).toISOString() : known;

/**
 * The device with the times of its newest samples. Presence is told when it changes and now and then besides; a sample
 * on the stream says more. A sample from the device's future counts as seen now.
 */
export function withNewest(
  device: DeviceDetail,
  newest: ReadonlyMap<string, Newest>,
  nowMs: number,
): DeviceDetail {
  const sampleMs = Math.max(...[...newest.values()].map((sample) => sample.timeMs));
  if (!Number.isFinite(sampleMs)) return device;
  return {
    ...device,
    presence: {
      ...device.presence,
      lastSeen: later(device.presence.lastSeen, Math.min(sampleMs, nowMs)),
      lastSampleTime: later(device.presence.lastSampleTime, sampleMs),
    },
  };
}
