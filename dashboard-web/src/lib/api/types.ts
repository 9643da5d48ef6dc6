/** What the REST API and the stream say, as TypeScript. Times are RFC 3339 text unless the name says `Ms`. */

export type PresenceState = 'reporting' | 'late' | 'silent' | 'offline' | 'unknown';
export type Severity = 'critical' | 'warning' | 'info';
export type MetricKind = 'number' | 'boolean' | 'state';
export type StageState = 'ok' | 'degraded' | 'down' | 'unknown';
export type AlertState = 'pending' | 'firing' | 'resolved';

export interface SeverityCounts {
  critical: number;
  warning: number;
  info: number;
}

export interface Me {
  subject: string;
  name: string;
  tenant: string;
  roles: string[];
  rights: string[];
  limits: { maxPoints: number };
}

export interface PresenceCounts {
  reporting: number;
  late: number;
  silent: number;
  offline: number;
  unknown: number;
}

export interface SiteSummary {
  id: string;
  name: string;
  timezone: string | null;
  devices: number;
  reporting: number;
  late: number;
  silent: number;
  offline: number;
  unknown: number;
  alerts: SeverityCounts;
}

export interface AttentionGroup {
  ruleId: string;
  ruleName: string;
  severity: Severity;
  site: string | null;
  devices: number;
  since: string | null;
}

export interface FleetSummary {
  at: string;
  dataThrough: string | null;
  devices: PresenceCounts & { total: number };
  alerts: SeverityCounts & { unacknowledged: number };
  rates: { readingsPerSecond: number | null; measurementsPerSecond: number | null };
  lag: { secondsP50: number | null; secondsP99: number | null } | null;
  sites: SiteSummary[];
  attention: AttentionGroup[];
}

export interface Presence {
  state: PresenceState;
  since: string | null;
  lastSeen: string | null;
  lastSampleTime: string | null;
  connected: boolean | null;
  /** Metrics that have stopped while others of the device go on. */
  silentMetrics?: string[];
}

export interface Device {
  id: string;
  name: string | null;
  type: string | null;
  site: string | null;
  labels: Record<string, string>;
  enabled: boolean;
  expectedIntervalSeconds: number | null;
  presence: Presence;
  openAlerts: SeverityCounts;
  createdAt: string | null;
  version: number;
}

export interface Metric {
  name: string;
  unit: string | null;
  kind: MetricKind;
}

export interface DeviceDetail extends Device {
  metrics: Metric[];
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total: number | null;
}

export interface DevicePage extends Page<Device> {
  /** False where there are more than `total`. */
  totalIsExact: boolean;
}

export interface LatestSample {
  metric: string;
  unit: string | null;
  kind: MetricKind;
  value: number | null;
  text: string | null;
  time: string;
  receivedAt: string | null;
  storedAt: string | null;
  silent?: boolean;
}

export interface Latest {
  device: string;
  at: string;
  samples: LatestSample[];
}

/** One metric of one device over a range: raw `values`, or buckets of `avg` between `min` and `max`, or `texts`. */
export interface DataSeries {
  metric: string;
  unit: string | null;
  kind: MetricKind;
  times: number[];
  values: (number | null)[] | null;
  avg: (number | null)[] | null;
  min: (number | null)[] | null;
  max: (number | null)[] | null;
  texts: (string | null)[] | null;
}

export interface DataAnswer {
  device: string;
  from: string | null;
  to: string | null;
  resolution: string;
  method: string;
  dataThrough: string | null;
  truncated: boolean;
  series: DataSeries[];
}

export interface Alert {
  id: string;
  device: string;
  site: string | null;
  metric: string | null;
  ruleId: string;
  ruleName: string;
  ruleVersion: number | null;
  kind: string;
  severity: Severity;
  state: AlertState;
  pendingSince: string | null;
  firingSince: string | null;
  resolvedAt: string | null;
  value: number | null;
  threshold: number | null;
  explanation: string | null;
  acknowledged: { at: string; by: string | null } | null;
  comment: string | null;
  allowedActions: string[];
}

export interface AlertTransition {
  id: string;
  from: string;
  to: string;
  at: string;
  dataTime: string | null;
  value: number | null;
  threshold: number | null;
  explanation: string | null;
}

export interface AlertDetail extends Alert {
  transitions: AlertTransition[];
}

export interface AlertPage extends Page<Alert> {
  counts: SeverityCounts & { acknowledged: number };
}

export type ThresholdOperator = 'ge' | 'gt' | 'le' | 'lt';

export type RuleCondition =
  | { type: 'threshold'; metric: string; operator: ThresholdOperator; value: number; clear: number }
  | { type: 'absence'; afterSeconds: number };

export interface RuleScope {
  devices: string[];
  types: string[];
  sites: string[];
  labels: Record<string, string>;
}

export interface RuleDraft {
  name: string;
  enabled: boolean;
  severity: Severity;
  scope: RuleScope;
  condition: RuleCondition;
  holdSeconds: number;
  clearHoldSeconds: number;
  runbook: string | null;
  owner: string | null;
}

export interface Rule extends RuleDraft {
  id: string;
  version: number;
  updatedAt: string | null;
  updatedBy: string | null;
}

export interface StageInstance {
  instance: string;
  version: string | null;
  state: string;
  startedAt: string | null;
  at: string | null;
}

export interface Stage {
  id: string;
  name: string;
  state: StageState;
  ratePerSecond: number | null;
  lagSeconds: number | null;
  lagRecords: number | null;
  ageSeconds: number | null;
  errors: number | null;
  detail: string | null;
  instances: StageInstance[];
}

export interface SystemReport {
  version: string | null;
  at: string;
  stages: Stage[];
  quarantine: { reason: string; count24h: number }[];
  store: {
    measurements: number | null;
    sizeBytes: number | null;
    oldest: string | null;
    newest: string | null;
    timescale: boolean | null;
    product: string | null;
    schema: string | null;
    classes: StoreClass[];
  } | null;
}

/** Data that is kept for one and the same time: of one fineness, or of one other kind. */
export interface StoreClass {
  name: string;
  sizeBytes: number;
  rows: number;
  keptSeconds: number | null;
}

export interface QuarantinedMessage {
  id: string;
  device: string | null;
  topic: string | null;
  transport: string | null;
  reason: string;
  detail: string | null;
  metric: string | null;
  /** What can be done about it. */
  hint: string | null;
  receivedAt: string;
  lastReceivedAt: string | null;
  /** How many equal ones came within the hour. */
  count: number;
  size: number | null;
  contentType: string | null;
  payloadPreview: string | null;
  /** Why it cannot be replayed; null where it can. */
  notReplayable: string | null;
  replay: { at: string; by: string | null; outcome: string; detail: string | null } | null;
}

/** What came of replaying one message, or would. */
export interface ReplayResult {
  id: string;
  outcome: string;
  detail: string | null;
  preview: { device: string; ts: string; metric: string; value: string }[];
}

export interface ReplayResults {
  dryRun: boolean;
  results: ReplayResult[];
}

export type LedgerState = 'balanced' | 'in-flight' | 'imbalance';

/** received = stored + duplicate + quarantined + inFlight + missing; samples and refusals. */
export interface LedgerCounts {
  received: number;
  stored: number;
  duplicate: number;
  quarantined: number;
  inFlight: number;
  missing: number;
  unsure: number;
  state: LedgerState;
}

export interface Ledger {
  from: string;
  to: string;
  totals: LedgerCounts;
  items: { start: string; counts: LedgerCounts }[];
  imbalances: { minute: string; instance: string | null; missing: number; partitions: string[] }[];
}

/** Stream event `samples`: one series of one device, batched per tick. Booleans arrive as 0 and 1. */
export interface SampleBatch {
  device: string;
  metric: string;
  times: number[];
  values: number[];
}

/** Stream event `states`: text values, same shape. */
export interface StateBatch {
  device: string;
  metric: string;
  times: number[];
  values: string[];
}

/** Stream event `presence`, as on the wire: times in microseconds. */
export interface PresenceChange {
  device: string;
  state: PresenceState;
  previous: string | null;
  at: number;
  lastSeen: number | null;
  lastSampleTs: number | null;
  connected: boolean | null;
  silentMetrics?: string[];
}

/** Stream event `alerts`. */
export interface AlertChange {
  alert: string;
  device: string;
  metric: string | null;
  ruleId: string;
  ruleName: string;
  severity: Severity;
  from: string;
  to: string;
}
