/** A made-up fleet with everything a page has to draw; the same at every start. */
const DAY = 86_400_000;

export const SITES = [
  { id: 'berlin', name: 'Berlin', timezone: 'Europe/Berlin' },
  { id: 'lyon', name: 'Lyon', timezone: 'Europe/Paris' },
  { id: 'oslo', name: 'Oslo', timezone: 'Europe/Oslo' },
  { id: 'porto', name: 'Porto', timezone: 'Europe/Lisbon' },
  { id: 'singapore', name: 'Singapore', timezone: 'Asia/Singapore' },
];
const TYPES = ['boiler', 'chiller', 'pump', 'air-quality'];

/** A number in [0, 1) from a text: no state, so every request tells the same story. */
export function chance(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x5bd1e995);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

export interface MockDevice {
  id: string;
  /** Its id where nobody gave it a name. */
  name: string;
  type: string;
  site: string;
  state: 'reporting' | 'late' | 'silent' | 'offline';
  critical: number;
  warning: number;
}

export const DEVICES: MockDevice[] = Array.from({ length: 420 }, (_, index): MockDevice => {
  const type = TYPES[index % TYPES.length] as string;
  const site = SITES[Math.floor(chance(`site${index}`) * SITES.length)]?.id as string;
  const luck = chance(`state${index}`);
  const state = luck < 0.9 ? 'reporting' : luck < 0.95 ? 'late' : luck < 0.975 ? 'silent' : 'offline';
  const id = `${type}-${String(Math.floor(index / TYPES.length) + 1).padStart(3, '0')}`;
  return {
    id,
    name: index % 7 === 0 ? `Hall ${(index % 4) + 1}, line ${(index % 3) + 1}` : id,
    type,
    site,
    state: index === 0 ? 'reporting' : state,
    critical: index === 0 || chance(`critical${index}`) < 0.03 ? 1 : 0,
    warning: chance(`warning${index}`) < 0.06 ? 1 : 0,
  };
}).sort((a, b) => a.id.localeCompare(b.id));

export const METRICS = [
  { name: 'temperature', unit: '°C', kind: 'number' },
  { name: 'humidity', unit: '%', kind: 'number' },
  { name: 'power', unit: 'kW', kind: 'number' },
  { name: 'rssi', unit: 'dBm', kind: 'number' },
  { name: 'running', unit: null, kind: 'boolean' },
  { name: 'mode', unit: null, kind: 'state' },
] as const;

/** One value of a metric at a time: slow swing, faster wobble, a little noise. */
export function valueAt(device: string, metric: string, time: number): number {
  const phase = chance(device + metric) * 6.28;
  const slow = Math.sin((time / DAY) * 6.28 * 6 + phase);
  const fast = Math.sin(time / 47_000 + phase);
  const noise = chance(`${metric}${Math.floor(time / 1000)}`) - 0.5;
  switch (metric) {
    case 'temperature':
      return 43 + slow * 2.2 + fast * 1.1 + noise * 0.5;
    case 'humidity':
      return 41 + slow * 6 + fast + noise;
    case 'power':
      return 12.4 + slow * 3 + noise * 1.5;
    case 'rssi':
      return -71 + Math.round(slow * 4 + noise * 5);
    default:
      return Math.sin(time / 180_000 + phase) > -0.4 ? 1 : 0;
  }
}

/** Nothing was measured in a few stretches: a page must not draw a line over them. */
export const isGap = (time: number): boolean => Math.floor(time / 60_000) % 9 < 1;
