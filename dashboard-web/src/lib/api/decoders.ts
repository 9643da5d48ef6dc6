import {
  bool,
  DecodeError,
  type Decoder,
  list,
  num,
  numberMap,
  object,
  optional,
  str,
  textMap,
  withDefault,
  word,
} from './decode';
import type * as api from './types';

const text = optional(str);
const number = optional(num);
const count = withDefault(num, 0);

const severity = word<api.Severity>({ critical: true, warning: true, info: true }, 'info');
const presenceState = word<api.PresenceState>(
  { reporting: true, late: true, silent: true, offline: true, unknown: true },
  'unknown',
);
const kind = word<api.MetricKind>({ number: true, boolean: true, state: true }, 'number');

const severityCounts = { critical: count, warning: count, info: count };
const noAlerts: api.SeverityCounts = { critical: 0, warning: 0, info: 0 };

export const me = object<api.Me>({
  subject: withDefault(str, ''),
  name: withDefault(str, 'Signed in'),
  tenant: str,
  roles: list(str),
  rights: list(str),
  limits: withDefault(object<api.Me['limits']>({ maxPoints: withDefault(num, 10_000) }), {
    maxPoints: 10_000,
  }),
});

const siteSummary = object<api.SiteSummary>({
  id: str,
  name: (value, path) => (value === null || value === undefined ? '' : str(value, path)),
  timezone: text,
  devices: count,
  reporting: count,
  late: count,
  silent: count,
  offline: count,
  unknown: count,
  alerts: withDefault(object<api.SeverityCounts>(severityCounts), noAlerts),
});

export const fleetSummary = object<api.FleetSummary>({
  at: str,
  countedUntil: text,
  dataThrough: text,
  devices: object<api.FleetSummary['devices']>({
    total: num,
    reporting: count,
    late: count,
    silent: count,
    offline: count,
    unknown: count,
  }),
  alerts: object<api.FleetSummary['alerts']>({ ...severityCounts, unacknowledged: count }),
  rates: withDefault(
    object<api.FleetSummary['rates']>({ readingsPerSecond: number, measurementsPerSecond: number }),
    { readingsPerSecond: null, measurementsPerSecond: null },
  ),
  lag: optional(object<NonNullable<api.FleetSummary['lag']>>({ secondsP50: number, secondsP99: number })),
  sites: list(siteSummary),
  attention: list(
    object<api.AttentionGroup>({
      ruleId: str,
      ruleName: withDefault(str, 'Rule'),
      severity,
      site: text,
      devices: count,
      since: text,
    }),
  ),
});

const presence = object<api.Presence>({
  state: presenceState,
  since: text,
  lastSeen: text,
  lastSampleTime: text,
  connected: optional(bool),
  silentMetrics: list(str),
});
const noPresence: api.Presence = {
  state: 'unknown',
  since: null,
  lastSeen: null,
  lastSampleTime: null,
  connected: null,
};

const deviceShape = {
  id: str,
  name: text,
  type: text,
  site: text,
  labels: textMap,
  enabled: withDefault(bool, true),
  mayBackfill: withDefault(bool, false),
  expectedIntervalSeconds: number,
  presence: withDefault(presence, noPresence),
  openAlerts: withDefault(object<api.SeverityCounts>(severityCounts), noAlerts),
  createdAt: text,
  version: count,
};

export const device = object<api.Device>(deviceShape);
export const deviceDetail = object<api.DeviceDetail>({
  ...deviceShape,
  metrics: list(object<api.Metric>({ name: str, unit: text, kind })),
});

const page = <T>(item: Decoder<T>) => ({ items: list(item), nextCursor: text, total: number });
export const devicePage = object<api.DevicePage>({
  ...page(device),
  totalIsExact: withDefault(bool, true),
});

export const latest = object<api.Latest>({
  device: str,
  at: str,
  samples: list(
    object<api.LatestSample>({
      metric: str,
      unit: text,
      kind,
      value: number,
      text,
      time: str,
      receivedAt: text,
      storedAt: text,
      silent: withDefault(bool, false),
    }),
  ),
});

const columns = optional(list(number));

export const data = object<api.DataAnswer>({
  device: str,
  from: text,
  to: text,
  resolution: withDefault(str, 'raw'),
  method: withDefault(str, 'raw'),
  dataThrough: text,
  truncated: withDefault(bool, false),
  series: list((value, path) => dataSeries(value, path)),
});

/** Text values arrive in `values` for a state metric: they are moved to `texts`, so that a number stays a number. */
const dataSeries: Decoder<api.DataSeries> = (value, path) => {
  const source = value as Record<string, unknown> | null;
  const isState = source?.kind === 'state';
  const shaped = object<api.DataSeries>({
    metric: str,
    unit: text,
    kind,
    times: list(num),
    values: isState ? () => null : columns,
    avg: columns,
    min: columns,
    max: columns,
    texts: optional(list(text)),
  })(value, path);
  if (isState && shaped.texts === null) shaped.texts = list(text)(source?.values, `${path}.values`);
  return shaped;
};

const alertShape = {
  id: str,
  device: str,
  site: text,
  metric: text,
  ruleId: withDefault(str, ''),
  ruleName: withDefault(str, 'Rule'),
  ruleVersion: number,
  kind: withDefault(str, 'threshold'),
  severity,
  state: word<api.AlertState>({ pending: true, firing: true, resolved: true }, 'pending'),
  pendingSince: text,
  firingSince: text,
  resolvedAt: text,
  value: number,
  threshold: number,
  explanation: text,
  acknowledged: optional(object<{ at: string; by: string | null }>({ at: str, by: text })),
  comment: text,
  allowedActions: list(str),
};

export const alert = object<api.Alert>(alertShape);
export const alertDetail = object<api.AlertDetail>({
  ...alertShape,
  transitions: list(
    object<api.AlertTransition>({
      id: str,
      from: withDefault(str, 'ok'),
      to: str,
      at: str,
      dataTime: text,
      value: number,
      threshold: number,
      explanation: text,
    }),
  ),
});
export const alertPage = object<api.AlertPage>({
  ...page(alert),
  counts: withDefault(object<api.AlertPage['counts']>({ ...severityCounts, acknowledged: count }), {
    ...noAlerts,
    acknowledged: 0,
  }),
});

const condition: Decoder<api.RuleCondition> = (value, path) => {
  const type = (value as { type?: unknown } | null)?.type;
  if (type === 'absence') {
    return {
      type,
      ...object<{ afterSeconds: number; metric: string | null }>({ afterSeconds: num, metric: text })(
        value,
        path,
      ),
    };
  }
  if (type !== 'threshold') throw new DecodeError(`${path}.type`, 'threshold or absence', type);
  const threshold = object<{
    metric: string;
    operator: api.ThresholdOperator;
    value: number;
    clear: number | null;
  }>({
    metric: str,
    operator: word<api.ThresholdOperator>({ ge: true, gt: true, le: true, lt: true }, 'ge'),
    value: num,
    clear: number,
  })(value, path);
  return { type, ...threshold, clear: threshold.clear ?? threshold.value };
};

export const rule = object<api.Rule>({
  id: str,
  name: withDefault(str, 'Rule'),
  version: count,
  enabled: withDefault(bool, true),
  severity,
  scope: withDefault(
    object<api.RuleScope>({ devices: list(str), types: list(str), sites: list(str), labels: textMap }),
    { devices: [], types: [], sites: [], labels: {} },
  ),
  condition,
  holdSeconds: count,
  clearHoldSeconds: count,
  runbook: text,
  owner: text,
  updatedAt: text,
  updatedBy: text,
});

/** The list of rules may come as a page or as a bare list. */
export const ruleList: Decoder<api.Rule[]> = (value, path) =>
  list(rule)(Array.isArray(value) ? value : (value as { items?: unknown } | null)?.items, path);

const catalogue = object<{ items: api.KnownMetric[] }>({
  items: list(object<api.KnownMetric>({ name: str })),
});
export const metricNames: Decoder<string[]> = (value, path) =>
  catalogue(value, path).items.map((metric) => metric.name);

export const stage = object<api.Stage>({
  id: str,
  name: withDefault(str, ''),
  state: word<api.StageState>({ ok: true, degraded: true, down: true, unknown: true }, 'unknown'),
  ratePerSecond: number,
  lagSeconds: number,
  lagRecords: number,
  ageSeconds: number,
  errors: number,
  detail: text,
  instances: list(
    object<api.StageInstance>({
      instance: str,
      version: text,
      state: withDefault(str, 'unknown'),
      startedAt: text,
      at: text,
    }),
  ),
});

export const system = object<api.SystemReport>({
  version: text,
  at: str,
  stages: list(stage),
  quarantine: list(object<{ reason: string; count24h: number }>({ reason: str, count24h: count })),
  store: optional(
    object<NonNullable<api.SystemReport['store']>>({
      measurements: number,
      sizeBytes: number,
      oldest: text,
      newest: text,
      timescale: optional(bool),
      product: text,
      schema: text,
      classes: list(
        object<api.StoreClass>({ name: str, sizeBytes: count, rows: count, keptSeconds: number }),
      ),
    }),
  ),
});

export const quarantinePage = object<api.Page<api.QuarantinedMessage>>(
  page(
    object<api.QuarantinedMessage>({
      id: str,
      device: text,
      topic: text,
      transport: text,
      reason: withDefault(str, 'UNKNOWN'),
      detail: text,
      metric: text,
      hint: text,
      receivedAt: str,
      lastReceivedAt: text,
      count: withDefault(num, 1),
      size: number,
      contentType: text,
      payloadPreview: text,
      notReplayable: text,
      replay: optional(
        object<NonNullable<api.QuarantinedMessage['replay']>>({
          at: str,
          by: text,
          outcome: str,
          detail: text,
        }),
      ),
    }),
  ),
);

export const replayResults = object<api.ReplayResults>({
  dryRun: bool,
  results: list(
    object<api.ReplayResult>({
      id: str,
      outcome: str,
      detail: text,
      preview: list(
        object<api.ReplayResult['preview'][number]>({ device: str, ts: str, metric: str, value: str }),
      ),
    }),
  ),
});

const replayTally = object<api.ReplayTally>({
  rows: num,
  accepted: num,
  partial: num,
  refused: num,
  failed: num,
  refusals: list(object<api.ReplayTally['refusals'][number]>({ reason: str, rows: num, detail: str })),
});

export const matchPreview = object<api.MatchPreview>({
  matched: num,
  matchedIsExact: bool,
  replayable: num,
  alreadyReplayed: num,
  notReplayable: num,
  reasons: numberMap,
  until: str,
  sample: replayTally,
  cursor: text,
});

export const matchProgress = object<api.MatchProgress>({
  taken: replayTally,
  through: text,
  remaining: num,
  remainingIsExact: bool,
  nextCursor: text,
});

const ledgerCounts = object<api.LedgerCounts>({
  received: num,
  stored: num,
  duplicate: num,
  quarantined: num,
  inFlight: num,
  missing: num,
  unsure: withDefault(num, 0),
  // A word that this version does not know must not look like a balance.
  state: word<api.LedgerState>({ balanced: true, 'in-flight': true, imbalance: true }, 'imbalance'),
});

export const ledgerMinutes = list(object<api.LedgerMinute>({ start: str, counts: ledgerCounts }));

export const ledger = object<api.Ledger>({
  from: str,
  to: str,
  totals: ledgerCounts,
  items: ledgerMinutes,
  imbalances: list(
    object<api.Ledger['imbalances'][number]>({
      minute: str,
      instance: text,
      missing: num,
      partitions: list(str),
    }),
  ),
});

export const sampleBatches = list(
  object<api.SampleBatch>({ device: str, metric: str, times: list(num), values: list(num) }),
);
export const stateBatches = list(
  object<api.StateBatch>({ device: str, metric: str, times: list(num), values: list(str) }),
);
export const storedChanges = list(object<api.StoredChange>({ device: str, metric: str, from: str, to: str }));
export const presenceChanges = list(
  object<api.PresenceChange>({
    device: str,
    state: presenceState,
    previous: text,
    at: num,
    lastSeen: number,
    lastSampleTs: number,
    connected: optional(bool),
    silentMetrics: list(str),
  }),
);
export const alertChanges = list(
  object<api.AlertChange>({
    alert: str,
    device: str,
    metric: text,
    ruleId: withDefault(str, ''),
    ruleName: withDefault(str, 'Rule'),
    severity,
    from: withDefault(str, 'ok'),
    to: str,
  }),
);

/** The stream sends the stages either bare or in an object, as `/system` does. */
export const stages: Decoder<api.Stage[]> = (value, path) =>
  list(stage)(Array.isArray(value) ? value : (value as { stages?: unknown } | null)?.stages, path);
