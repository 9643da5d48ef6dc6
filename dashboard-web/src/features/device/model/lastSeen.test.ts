import { describe, expect, it } from 'vitest';
import type { DeviceDetail } from '@/lib/api/types';
import { withNewest } from './lastSeen';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString();
const device = (lastSeen: string | null): DeviceDetail => ({
  id: 'boiler-7',
  name: 'boiler-7',
  type: null,
  site: null,
  labels: {},
  enabled: true,
  mayBackfill: false,
  expectedIntervalSeconds: 5,
  presence: { state: 'reporting', since: at(600), lastSeen, lastSampleTime: lastSeen, connected: true },
  openAlerts: { critical: 0, warning: 0, info: 0 },
  createdAt: at(6000),
  version: 1,
  metrics: [],
});
const sample = (secondsAgo: number) =>
  new Map([['temperature', { timeMs: NOW - secondsAgo * 1000, value: 21, text: null }]]);

describe('withNewest', () => {
  it('takes a sample that is newer than what presence said', () => {
    expect(withNewest(device(at(30)), sample(2), NOW).presence.lastSeen).toBe(at(2));
  });

  it('keeps what presence said where the samples are older', () => {
    expect(withNewest(device(at(3)), sample(20), NOW).presence.lastSeen).toBe(at(3));
  });

  it('knows a device by its first sample, and changes nothing without one', () => {
    expect(withNewest(device(null), sample(1), NOW).presence.lastSeen).toBe(at(1));
    expect(withNewest(device(null), new Map(), NOW).presence.lastSeen).toBeNull();
  });

  it('never says that a device will be seen', () => {
    const ahead = withNewest(device(at(30)), sample(-240), NOW).presence;
    expect(ahead.lastSeen).toBe(at(0));
    expect(ahead.lastSampleTime).toBe(at(-240));
  });
});
