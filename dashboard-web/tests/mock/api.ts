import type { components } from '../../src/lib/api/schema';
import { chance, DEVICES, isGap, METRICS, type MockDevice, SITES, valueAt } from './fleet.ts';

/** What the API is described to answer: this one must not answer with anything else. */
type Answer<Schema extends keyof components['schemas']> = components['schemas'][Schema];

export type Scenario = 'busy' | 'calm' | 'empty' | 'broken';

const iso = (ms: number): string => new Date(ms).toISOString();
const MINUTE = 60_000;

function presenceOf(device: MockDevice, now: number): Answer<'Presence'> & { lastSampleTime: string } {
  const ages: Record<string, number> = {
    reporting: 4000,
    late: 21_000,
    silent: 9 * MINUTE,
    offline: 3 * 3_600_000,
  };
  const age = (ages[device.state] ?? 0) * (0.6 + chance(device.id) * 0.6);
  return {
    state: device.state,
    since: iso(now - age - 40 * MINUTE * chance(`since${device.id}`)),
    lastSeen: iso(now - age),
    lastSampleTime: iso(now - age - 300),
    connected: device.state !== 'offline',
    silentMetrics: [],
  };
}

const toDevice = (device: MockDevice, now: number): Answer<'Device'> => ({
  id: device.id,
  name: device.name,
  type: device.type,
  site: device.site,
  firmware: '2.3',
  location: null,
  position: null,
  labels: { line: '2', hall: 'north' },
  enabled: true,
  expectedIntervalSeconds: 10,
  mayBackfill: false,
  presence: presenceOf(device, now),
  openAlerts: { critical: device.critical, warning: device.warning, info: 0 },
  createdAt: '2026-03-04T08:00:00Z',
  version: 3,
});

export const RULES: Answer<'Rule'>[] = [
  {
    id: '0b6ed9a0-0000-4000-8000-000000000001',
    name: 'Overheat',
    version: 7,
    enabled: true,
    severity: 'critical',
    scope: { devices: [], types: ['boiler', 'chiller'], sites: [], labels: {} },
    condition: { type: 'threshold', metric: 'temperature', operator: 'ge', value: 46, clear: 44 },
    holdSeconds: 120,
    clearHoldSeconds: 0,
    runbook: 'https://runbooks.example/overheat',
    owner: 'Plant team',
    updatedAt: '2026-11-21T09:12:00Z',
    updatedBy: 'operator',
  },
  {
    id: '0b6ed9a0-0000-4000-8000-000000000002',
    name: 'Warm room',
    version: 2,
    enabled: true,
    severity: 'warning',
    scope: { devices: [], types: [], sites: ['lyon', 'oslo'], labels: {} },
    condition: { type: 'threshold', metric: 'temperature', operator: 'gt', value: 44.5, clear: 43 },
    holdSeconds: 300,
    clearHoldSeconds: 60,
    runbook: null,
    owner: null,
    updatedAt: '2026-11-02T11:40:00Z',
    updatedBy: 'admin',
  },
  {
    id: '0b6ed9a0-0000-4000-8000-000000000003',
    name: 'Device silent',
    version: 1,
    enabled: false,
    severity: 'warning',
    scope: { devices: [], types: [], sites: [], labels: {} },
    condition: { type: 'absence', afterSeconds: 300 },
    holdSeconds: 0,
    clearHoldSeconds: 0,
    runbook: null,
    owner: 'Night shift',
    updatedAt: '2026-10-18T06:00:00Z',
    updatedBy: 'admin',
  },
];

const BOOT = Date.now();
const acknowledged = new Map<string, string | null>();

type Firing = Answer<'Alert'> & { site: string; value: number; firingSince: string };

function alertsOf(state: string): Firing[] {
  const now = Date.now();
  const alerts = DEVICES.flatMap((device) => {
    const rules = [device.critical ? RULES[0] : null, device.warning ? RULES[1] : null].filter(
      (rule) => rule != null,
    );
    return rules.map((rule): Firing => {
      const id = `a-${device.id}-${rule.severity}`;
      const since = BOOT - (2 + chance(id) * 180) * MINUTE;
      const value = 46 + chance(`v${id}`) * 4;
      const isAcknowledged = acknowledged.has(id) || chance(`ack${id}`) < 0.2;
      return {
        id,
        device: device.id,
        site: device.site,
        metric: 'temperature',
        ruleId: rule.id,
        ruleName: rule.name,
        ruleVersion: rule.version,
        kind: 'threshold',
        severity: rule.severity,
        state: state === 'resolved' ? 'resolved' : chance(`p${id}`) < 0.1 ? 'pending' : 'firing',
        pendingSince: iso(since - 2 * MINUTE),
        firingSince: iso(since),
        resolvedAt: state === 'resolved' ? iso(Math.min(now, since + 20 * MINUTE)) : null,
        value,
        threshold: 46,
        explanation: `temperature ${value.toFixed(1)} ≥ 46 for 2 min`,
        acknowledged: isAcknowledged ? { at: iso(since + 4 * MINUTE), by: 'operator' } : null,
        comment: isAcknowledged ? (acknowledged.get(id) ?? 'Valve is being replaced') : null,
        allowedActions: isAcknowledged || state === 'resolved' ? [] : ['acknowledge'],
      };
    });
  });
  return state === 'resolved' ? alerts.slice(0, 12) : alerts;
}

function summary(scenario: Scenario): Answer<'FleetSummary'> {
  const now = Date.now();
  if (scenario === 'empty') {
    return {
      at: iso(now),
      countedUntil: iso(now),
      dataThrough: null,
      devices: { total: 0, reporting: 0, late: 0, silent: 0, offline: 0, unknown: 0 },
      alerts: { critical: 0, warning: 0, info: 0, unacknowledged: 0, pending: 0 },
      rates: { readingsPerSecond: 0, measurementsPerSecond: 0 },
      lag: null,
      sites: [],
      attention: [],
    };
  }
  const count = (list: MockDevice[], state: string) => list.filter((device) => device.state === state).length;
  const states = (list: MockDevice[]) => ({
    reporting: count(list, 'reporting'),
    late: count(list, 'late'),
    silent: count(list, 'silent'),
    offline: count(list, 'offline'),
    unknown: 0,
  });
  const alerts = scenario === 'calm' ? [] : alertsOf('open');
  const groups = new Map<string, Answer<'Attention'>>();
  for (const alert of alerts) {
    const key = alert.ruleId + alert.site;
    const { ruleId, ruleName, severity, site, firingSince: since } = alert;
    const group = groups.get(key) ?? { ruleId, ruleName, severity, site, devices: 0, since };
    group.devices++;
    groups.set(key, group);
  }
  const by = (list: typeof alerts, severity: string) =>
    list.filter((alert) => alert.severity === severity).length;
  return {
    at: iso(now),
    countedUntil: iso(now),
    dataThrough: iso(now - 400),
    devices: { total: DEVICES.length, ...states(DEVICES) },
    alerts: {
      critical: by(alerts, 'critical'),
      warning: by(alerts, 'warning'),
      info: 0,
      unacknowledged: alerts.filter((alert) => alert.acknowledged === null).length,
      pending: alerts.filter((alert) => alert.state === 'pending').length,
    },
    rates: { readingsPerSecond: 1240 + Math.random() * 60, measurementsPerSecond: 6210 },
    lag: { secondsP50: 0.21, secondsP99: 0.84 + Math.random() * 0.2 },
    sites: SITES.map((site) => {
      const here = DEVICES.filter((device) => device.site === site.id);
      const open = alerts.filter((alert) => alert.site === site.id);
      return {
        ...site,
        lat: 0,
        lon: 0,
        devices: here.length,
        ...states(here),
        alerts: { critical: by(open, 'critical'), warning: by(open, 'warning'), info: 0 },
      };
    }),
    attention: [...groups.values()]
      .sort((a, b) => a.severity.localeCompare(b.severity) || b.devices - a.devices)
      .slice(0, 8),
  };
}

function devices(query: URLSearchParams): Answer<'DevicePage'> {
  const now = Date.now();
  let list = DEVICES;
  for (const part of (query.get('q') ?? '').split(/\s+/).filter(Boolean)) {
    const [key, value] = part.split(':');
    if (/[<>=]/.test(part) || part.startsWith('-')) continue;
    else if (value === undefined) list = list.filter((d) => d.id.includes(part) || d.name.includes(part));
    else if (key === 'status') list = list.filter((d) => d.state === value);
    else if (key === 'site') list = list.filter((d) => d.site === value);
    else if (key === 'type') list = list.filter((d) => d.type === value);
  }
  if (query.get('sort') === '-id') list = [...list].reverse();
  if (query.get('sort') === 'status') list = [...list].sort((a, b) => b.state.localeCompare(a.state));
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    items: list.slice(from, from + limit).map((device) => toDevice(device, now)),
    nextCursor: from + limit < list.length ? String(from + limit) : null,
    total: list.length,
    totalIsExact: true,
  };
}

function data(id: string, query: URLSearchParams): Answer<'DataAnswer'> {
  const from = Date.parse(query.get('from') ?? '');
  const to = Date.parse(query.get('to') ?? '');
  const span = to - from;
  const raw = span <= 3_600_000;
  const step = raw ? 2000 : span <= 21_600_000 ? 30_000 : span <= 86_400_000 ? MINUTE * 2 : MINUTE * 10;
  const times: number[] = [];
  for (let time = Math.ceil(from / step) * step; time < to; time += step)
    if (!isGap(time) || !raw) times.push(time);
  const words: Record<number, string> = { 2000: 'raw', 30000: '30s', 120000: '2m', 600000: '10m' };
  return {
    device: id,
    from: iso(from),
    to: iso(to),
    resolution: words[step] ?? 'raw',
    method: raw ? 'raw' : 'min-max-avg buckets',
    dataThrough: iso(Date.now() - 400),
    truncated: false,
    source: raw ? 'raw' : '10s',
    timezone: 'UTC',
    series: query.getAll('metric').flatMap((name): Answer<'Series'>[] => {
      const metric = METRICS.find((each) => each.name === name);
      if (!metric) return [];
      const head = { metric: name, unit: metric.unit, kind: metric.kind };
      if (metric.kind === 'state') {
        const changes = [0.02, 0.3, 0.62, 0.8].map((share) => Math.round(from + span * share));
        return [{ ...head, times: changes, texts: ['heating', 'standby', 'heating', 'defrost'] }];
      }
      const known = name === 'rssi' ? times.filter((time) => time < Date.now() - 9 * MINUTE) : times;
      const values = known.map((time) => valueAt(id, name, time));
      if (raw) return [{ ...head, times: known, values }];
      return [
        {
          ...head,
          times: known,
          avg: values,
          min: values.map((v) => v - 1.1),
          max: values.map((v) => v + 1.3),
          count: [],
        },
      ];
    }),
  };
}

export function stages(): Answer<'Stage'>[] {
  const now = Date.now();
  const names: [Answer<'Stage'>['id'], string, number | null, number | null, number | null][] = [
    ['devices', 'Devices', 1242, null, null],
    ['gateway', 'Ingest gateway', 1242, null, 0],
    ['kafka', 'Kafka', 1241, 0.1, null],
    ['stream', 'Stream processor', 1239, 0.3, 0],
    ['writer', 'Writer', 1238, 0.4, 3],
    ['store', 'Store', 6190, null, 0],
    ['api', 'Query API', 18, null, 0],
  ];
  return names.map(([id, name, ratePerSecond, lagSeconds, errors]) => ({
    id,
    name,
    state: id === 'writer' ? 'degraded' : 'ok',
    ratePerSecond,
    lagSeconds,
    lagRecords: id === 'writer' ? 512 : id === 'stream' ? 120 : null,
    ageSeconds: null,
    errors,
    detail: id === 'writer' ? 'Last batch took 380 ms' : null,
    instances: ['gateway', 'stream', 'writer', 'api'].includes(id)
      ? [
          {
            instance: `${id}-1`,
            version: '0.1.0',
            state: id === 'writer' ? 'degraded' : 'up',
            startedAt: iso(BOOT),
            at: iso(now - 700),
          },
        ]
      : [],
  }));
}

const REASONS = ['JSON', 'TIMESTAMP_FUTURE', 'UNKNOWN_DEVICE', 'VALUE_NOT_FINITE', 'TOPIC'];

function quarantine(query: URLSearchParams): Answer<'QuarantinePage'> {
  const reason = query.get('reason');
  const items = Array.from({ length: 14 }, (_, index) => ({
    id: `q-${index}`,
    device: index % 4 === 0 ? null : (DEVICES[index * 3]?.id ?? null),
    topic: `iot/v1/demo/${DEVICES[index * 3]?.id}/telemetry`,
    transport: 'mqtt',
    reason: REASONS[index % REASONS.length] ?? '',
    detail:
      index % 2 === 0 ? 'unexpected character at offset 17' : 'timestamp is 2 h 10 min ahead of the server',
    metric: null,
    receivedAt: iso(BOOT - index * 190_000),
    hint: 'If the device speaks another format, map its topic to it and replay; else correct the device.',
    lastReceivedAt: iso(BOOT - index * 180_000),
    count: index % 5 === 1 ? 240 : 1,
    size: index === 3 ? 9_000 : 61 + index,
    contentType: null,
    mode: null,
    payloadPreview: '{"temperature": 21.4, "humidity": }',
    notReplayable: index === 3 ? 'Only the first 4096 of 9000 bytes are kept.' : null,
    replay: replayed.has(`q-${index}`)
      ? { at: iso(Date.now()), by: 'operator', outcome: 'accepted', detail: '1 readings with 2 samples' }
      : null,
  })).filter((item) => reason === null || item.reason === reason);
  return { items, nextCursor: null, total: items.length, totalIsExact: true, counts: {} };
}

const replayed = new Set<string>();

/** Of 1,234 that match, 500 a page. */
const MATCHING = 1_234;
const tally = (rows: number): Answer<'ReplayTally'> => ({
  rows,
  accepted: rows - Math.ceil(rows / 25),
  partial: 0,
  refused: Math.ceil(rows / 25),
  failed: 0,
  readings: rows - Math.ceil(rows / 25),
  samples: 2 * (rows - Math.ceil(rows / 25)),
  refusals: [
    {
      reason: 'UNKNOWN_DEVICE',
      rows: Math.ceil(rows / 25),
      detail: 'the device is not registered or disabled',
    },
  ],
});

function matchPreview(): Answer<'MatchPreview'> {
  return {
    matched: MATCHING + 52,
    matchedIsExact: true,
    replayable: MATCHING,
    alreadyReplayed: 40,
    notReplayable: 12,
    reasons: { TOPIC: 1_200, JSON: 34 },
    until: iso(Date.now()),
    sample: tally(100),
    cursor: '0',
  };
}

function matchProgress(cursor: string): Answer<'MatchProgress'> {
  const begin = Number(cursor);
  const end = Math.min(MATCHING, begin + 500);
  return {
    taken: tally(end - begin),
    through: iso(Date.now() - (MATCHING - end) * 1_000),
    remaining: MATCHING - end,
    remainingIsExact: true,
    nextCursor: end === MATCHING ? null : String(end),
  };
}

function replay(ids: string[], dryRun: boolean): Answer<'ReplayResults'> {
  if (!dryRun) for (const id of ids) replayed.add(id);
  return {
    dryRun,
    results: ids.map((id, index) => ({
      id,
      outcome: index % 2 === 0 ? 'accepted' : 'refused',
      detail:
        index % 2 === 0
          ? '1 readings with 2 samples'
          : '0 readings with 0 samples; still refused: JSON: unexpected character at offset 17',
      preview:
        index % 2 === 0
          ? [{ device: 'boiler-001', ts: iso(BOOT), seq: null, metric: 'temperature', value: '21.4' }]
          : [],
      readings: index % 2 === 0 ? 1 : 0,
      samples: index % 2 === 0 ? 2 : 0,
      refusals: [],
    })),
  };
}

/** The last hour: balanced but for a hole, the newest minute in flight, and in the busy scenario a loss. */
function ledger(scenario: Scenario): Answer<'LedgerAnswer'> {
  const to = Math.ceil(Date.now() / 60_000) * 60_000;
  const items = Array.from({ length: scenario === 'empty' ? 0 : 60 }, (_, ago): Answer<'LedgerItem'> => {
    const received = 38_000 + Math.round(4_000 * Math.sin(ago / 4));
    const missing = scenario === 'busy' && ago === 17 ? 42 : 0;
    const inFlight = ago === 0 ? 310 : 0;
    return {
      start: iso(to - (ago + 1) * 60_000),
      counts: {
        received,
        stored: received - 120 - missing - inFlight,
        duplicate: 100,
        quarantined: 20,
        inFlight,
        missing,
        unsure: 0,
        state: missing > 0 ? 'imbalance' : inFlight > 0 ? 'in-flight' : 'balanced',
      },
    };
  }).filter((_, ago) => ago < 30 || ago > 34);
  const sum = (of: 'received' | 'stored' | 'duplicate' | 'quarantined' | 'inFlight' | 'missing') =>
    items.reduce((total, item) => total + item.counts[of], 0);
  const missing = sum('missing');
  return {
    from: iso(to - 3_600_000),
    to: iso(to),
    bucket: '1m',
    inFlightBoundSeconds: 120,
    totals: {
      received: sum('received'),
      stored: sum('stored'),
      duplicate: sum('duplicate'),
      quarantined: sum('quarantined'),
      inFlight: sum('inFlight'),
      missing,
      unsure: 0,
      state: missing > 0 ? 'imbalance' : sum('inFlight') > 0 ? 'in-flight' : 'balanced',
    },
    items,
    nextCursor: null,
    imbalances:
      missing > 0
        ? [
            {
              minute: iso(to - 18 * 60_000),
              source: 'gateway',
              instance: 'gateway-1',
              acknowledged: missing,
              found: 0,
              missing,
              partitions: ['readings-3'],
            },
          ]
        : [],
  };
}

/** The answer to one request: status and body; `undefined` body is none. */
export function answer(
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
  scenario: Scenario,
) {
  const problem = (status: number, title: string, detail: string) => ({
    status,
    body: { type: 'https://heliograph.dev/problems/mock', title, status, detail, requestId: 'req-7f3a19c2' },
  });
  if (path === '/me') {
    return ok<'Me'>({
      subject: 'u1',
      name: 'operator',
      tenant: 'demo',
      roles: ['operator', 'viewer'],
      rights: ['devices:read', 'alerts:acknowledge', 'rules:write', 'quarantine:replay'],
      limits: {
        maxBodyBytes: 1_048_576,
        maxDevicesPerQuery: 1000,
        maxMetricsPerQuery: 20,
        maxPageSize: 500,
        maxPoints: 10_000,
        maxRangeSeconds: 31_622_400,
        maxRows: 5_000_000,
        registerBatch: 500,
        sseConnections: 10,
        sseDevices: 200,
      },
    });
  }
  if (scenario === 'broken')
    return problem(503, 'The store does not answer', 'The database refused the connection.');
  if (path === '/fleet/summary') return ok<'FleetSummary'>(summary(scenario));
  const unknown = /(?:^|\s)(?!status:|site:|type:)(\w+):/.exec(query.get('q') ?? '');
  if (path === '/devices' && unknown) {
    const position = unknown.index + (unknown[0].startsWith(' ') ? 1 : 0);
    const detail = `at character ${position + 1}: '${unknown[1]}' is not a field; there are id, name, type, site, fw, status, enabled, metric, alert, label.KEY; quotes take ':' as it is`;
    return {
      status: 400,
      body: {
        type: 'https://heliograph.dev/problems/bad-parameter',
        title: 'A parameter is not valid',
        status: 400,
        detail: `Parameter 'q' ${detail}.`,
        requestId: 'req-7f3a19c2',
        errors: [{ pointer: 'q', detail, position }],
      },
    };
  }
  if (path === '/devices')
    return ok<'DevicePage'>(
      scenario === 'empty' ? { items: [], nextCursor: null, total: 0, totalIsExact: true } : devices(query),
    );
  if (path === '/rules' && method === 'GET')
    return ok<'RulePage'>({
      items: scenario === 'empty' ? [] : RULES,
      nextCursor: null,
      total: RULES.length,
    });
  if (path === '/alerts') {
    const state = query.get('state') ?? 'open';
    const all = scenario === 'busy' ? alertsOf(state === 'all' ? 'open' : state) : [];
    const items = all.filter(
      (alert) =>
        (!query.get('severity') || alert.severity === query.get('severity')) &&
        (!query.get('device') || alert.device === query.get('device')) &&
        (!query.get('rule') || alert.ruleId === query.get('rule')) &&
        (!query.get('acknowledged') || String(alert.acknowledged !== null) === query.get('acknowledged')),
    );
    const by = (severity: string) => all.filter((alert) => alert.severity === severity).length;
    const counts = { critical: by('critical'), warning: by('warning'), info: 0, pending: 0, acknowledged: 3 };
    return ok<'AlertPage'>({ items, nextCursor: null, total: items.length, totalIsExact: true, counts });
  }
  if (path === '/system') {
    return ok<'SystemReport'>({
      version: '0.1.0',
      at: iso(Date.now()),
      stages: stages(),
      quarantine:
        scenario === 'busy'
          ? REASONS.map((reason, i) => ({ reason, count24h: [412, 87, 31, 9, 2][i] ?? 0 }))
          : [],
      store: {
        measurements: 182_400_000,
        sizeBytes: 2.31e9,
        oldest: iso(BOOT - 30 * 86_400_000),
        newest: iso(Date.now() - 400),
        timescale: true,
        product: 'PostgreSQL 17.6, TimescaleDB 2.19.3 (Apache)',
        schema: '10',
        classes: [
          { name: 'raw', sizeBytes: 1.9e9, rows: 182_400_000, keptSeconds: 30 * 86_400, tables: [] },
          { name: '10s', sizeBytes: 2.4e8, rows: 1_800_000, keptSeconds: 30 * 86_400, tables: [] },
          { name: '1m', sizeBytes: 1.1e8, rows: 910_000, keptSeconds: 365 * 86_400, tables: [] },
          { name: '1h', sizeBytes: 3.2e7, rows: 61_000, keptSeconds: 1830 * 86_400, tables: [] },
          { name: 'quarantine', sizeBytes: 2.1e7, rows: 12_000, keptSeconds: null, tables: [] },
          { name: 'ledger', sizeBytes: 6.0e6, rows: 43_000, keptSeconds: null, tables: [] },
          { name: 'other', sizeBytes: 1.4e6, rows: 4_100, keptSeconds: null, tables: [] },
        ],
      },
    });
  }
  if (path === '/metrics')
    return ok<'Catalogue'>({
      items: METRICS.map(({ name, unit, kind }) => ({
        name,
        unit,
        kind,
        description: null,
        series: DEVICES.length,
        min: null,
        max: null,
        firstSeen: null,
        lastSeen: iso(Date.now()),
      })),
    });
  if (path === '/quarantine')
    return ok<'QuarantinePage'>(
      scenario === 'busy'
        ? quarantine(query)
        : { items: [], nextCursor: null, total: 0, totalIsExact: true, counts: {} },
    );
  if (path === '/ledger') return ok<'LedgerAnswer'>(ledger(scenario));
  if (path === '/quarantine:previewMatching') return ok<'MatchPreview'>(matchPreview());
  if (path === '/quarantine:replayMatching')
    return ok<'MatchProgress'>(matchProgress((body as { cursor: string }).cursor));
  if (path === '/quarantine:preview' || path === '/quarantine:replay')
    return ok<'ReplayResults'>(replay((body as { ids: string[] }).ids, path.endsWith('preview')));
  const [, kind, id, rest] = /^\/(\w+)\/([^/:]+)(.*)$/.exec(path) ?? [];
  const found = DEVICES.find((device) => device.id === id);
  if (kind === 'devices' && found && rest === '')
    return ok<'Device'>({ ...toDevice(found, Date.now()), metrics: [...METRICS] });
  if (kind === 'devices' && found && rest === '/latest') return ok<'LatestSamples'>(latest(found));
  if (kind === 'data' && found) return ok<'DataAnswer'>(data(found.id, query));
  if (kind === 'rules') {
    const rule = RULES.find((each) => each.id === id);
    if (rule && method === 'GET') return { ...ok<'Rule'>(rule), headers: { ETag: `"${rule.version}"` } };
    if (rule && method === 'PUT')
      return { ...ok<'Rule'>({ ...rule, ...(body as object) }), headers: { ETag: '"8"' } };
  }
  if (kind === 'alerts') {
    const alert = [...alertsOf('open'), ...alertsOf('resolved')].find((each) => each.id === id);
    if (alert && rest === ':acknowledge') {
      acknowledged.set(alert.id, (body as { comment?: string }).comment ?? null);
      return ok<'Alert'>({ ...alert, acknowledged: { at: iso(Date.now()), by: 'operator' } });
    }
    if (alert) return ok<'Alert'>({ ...alert, transitions: transitions(alert) });
  }
  return problem(404, 'Not found', `There is no ${path}.`);
}

const ok = <Schema extends keyof components['schemas']>(body: Answer<Schema>) => ({ status: 200, body });

function latest(device: MockDevice): Answer<'LatestSamples'> {
  const now = Date.now();
  const presence = presenceOf(device, now);
  const at = Date.parse(presence.lastSampleTime);
  return {
    device: device.id,
    at: iso(now),
    presence,
    samples: METRICS.map((metric, index) => ({
      metric: metric.name,
      unit: metric.unit,
      kind: metric.kind,
      value: metric.kind === 'state' ? null : valueAt(device.id, metric.name, at),
      text: metric.kind === 'state' ? 'heating' : null,
      // One metric that has stopped while the device still reports.
      time: iso(metric.name === 'rssi' ? now - 9 * MINUTE : at - index * 100),
      receivedAt: iso(at + 80),
      storedAt: iso(at + 300),
      ageSeconds: (now - at) / 1000,
      silent: false,
    })),
  };
}

function transitions(alert: Firing): Answer<'Transition'>[] {
  const firing = Date.parse(alert.firingSince);
  const step = (from: string, to: string, at: number, explanation: string) => ({
    id: `${alert.id}-${to}`,
    from,
    to,
    at: iso(at),
    dataTime: iso(at - 4000),
    value: alert.value,
    threshold: 46,
    explanation,
  });
  return [
    step('ok', 'pending', firing - 2 * MINUTE, `temperature ${alert.value.toFixed(1)} ≥ 46`),
    step('pending', 'firing', firing, alert.explanation),
  ];
}
