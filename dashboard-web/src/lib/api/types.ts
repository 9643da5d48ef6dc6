/**
 * What the pages see of the API: the fields, and what they hold, are those of its description (`schema.d.ts`, made of
 * docs/api/openapi.yaml), so that a field that is renamed or holds something else does not compile here. The decoders
 * are tolerant readers: a field that a page can do without may be null although the description promises it.
 * Times are RFC 3339 text unless the name says `Ms`.
 */
import type { components } from './schema';

type Schemas = components['schemas'];
type Name = keyof Schemas;

/** These fields of a schema. */
type Field<S extends Name, K extends keyof Schemas[S]> = { [P in K]-?: NonNullable<Schemas[S][P]> };

/** These fields of a schema; null where they are missing. */
type Maybe<S extends Name, K extends keyof Schemas[S]> = { [P in K]-?: NonNullable<Schemas[S][P]> | null };

/** The description says text where it is one of these words: narrowed here, once for every use. */
type Words<Said, W extends NonNullable<Said>> = W;

export type PresenceState = Words<
  Schemas['Presence']['state'],
  'reporting' | 'late' | 'silent' | 'offline' | 'unknown'
>;
export type Severity = Words<Schemas['Alert']['severity'], 'critical' | 'warning' | 'info'>;
export type MetricKind = Words<Schemas['Metric']['kind'], 'number' | 'boolean' | 'state'>;
export type StageState = Words<Schemas['Stage']['state'], 'ok' | 'degraded' | 'down' | 'unknown'>;
export type AlertState = Words<Schemas['Alert']['state'], 'pending' | 'firing' | 'resolved'>;
export type LedgerState = Words<Schemas['LedgerCounts']['state'], 'balanced' | 'in-flight' | 'imbalance'>;
export type ThresholdOperator = Words<Schemas['Threshold']['operator'], 'ge' | 'gt' | 'le' | 'lt'>;

export type SeverityCounts = Field<'BySeverity', 'critical' | 'warning' | 'info'>;

export interface Me extends Field<'Me', 'subject' | 'name' | 'tenant' | 'roles' | 'rights'> {
  limits: Field<'Limits', 'maxPoints'>;
}

export type PresenceCounts = Field<'Presences', 'reporting' | 'late' | 'silent' | 'offline' | 'unknown'>;

export interface SiteSummary
  extends Field<
      'SiteSummary',
      'id' | 'name' | 'devices' | 'reporting' | 'late' | 'silent' | 'offline' | 'unknown'
    >,
    Maybe<'SiteSummary', 'timezone'> {
  alerts: SeverityCounts;
}

export interface AttentionGroup
  extends Field<'Attention', 'ruleId' | 'ruleName' | 'devices'>,
    Maybe<'Attention', 'site' | 'since'> {
  severity: Severity;
}

export interface FleetSummary extends Field<'FleetSummary', 'at'>, Maybe<'FleetSummary', 'dataThrough'> {
  devices: PresenceCounts & Field<'Presences', 'total'>;
  alerts: SeverityCounts & Field<'Alerts', 'unacknowledged'>;
  rates: Maybe<'Rates', 'readingsPerSecond' | 'measurementsPerSecond'>;
  lag: Maybe<'Lag', 'secondsP50' | 'secondsP99'> | null;
  sites: SiteSummary[];
  attention: AttentionGroup[];
}

export interface Presence extends Maybe<'Presence', 'since' | 'lastSeen' | 'lastSampleTime' | 'connected'> {
  state: PresenceState;
  /** Metrics that have stopped while others of the device go on. */
  silentMetrics?: NonNullable<Schemas['Presence']['silentMetrics']>;
}

export interface Device
  extends Field<'Device', 'id' | 'labels' | 'enabled' | 'version'>,
    Maybe<'Device', 'name' | 'type' | 'site' | 'expectedIntervalSeconds' | 'createdAt'> {
  presence: Presence;
  openAlerts: SeverityCounts;
}

export interface Metric extends Field<'Metric', 'name'>, Maybe<'Metric', 'unit'> {
  kind: MetricKind;
}

export interface DeviceDetail extends Device {
  metrics: Metric[];
}

export interface Page<T> extends Maybe<'DevicePage', 'nextCursor' | 'total'> {
  items: T[];
}

export interface DevicePage extends Page<Device>, Field<'DevicePage', 'totalIsExact'> {}

export interface LatestSample
  extends Field<'Sample', 'metric' | 'time'>,
    Maybe<'Sample', 'unit' | 'value' | 'text' | 'receivedAt' | 'storedAt'> {
  kind: MetricKind;
  silent?: NonNullable<Schemas['Sample']['silent']>;
}

export interface Latest extends Field<'LatestSamples', 'device' | 'at'> {
  samples: LatestSample[];
}

/** A column of a series; null where there is nothing at that time. */
type Column<K extends 'values' | 'avg' | 'min' | 'max' | 'texts'> =
  | (NonNullable<Schemas['Series'][K]>[number] | null)[]
  | null;

/** One metric of one device over a range: raw `values`, or buckets of `avg` between `min` and `max`, or `texts`. */
export interface DataSeries extends Field<'Series', 'metric' | 'times'>, Maybe<'Series', 'unit'> {
  kind: MetricKind;
  values: Column<'values'>;
  avg: Column<'avg'>;
  min: Column<'min'>;
  max: Column<'max'>;
  texts: Column<'texts'>;
}

export interface DataAnswer
  extends Field<'DataAnswer', 'device' | 'resolution' | 'method' | 'truncated'>,
    Maybe<'DataAnswer', 'from' | 'to' | 'dataThrough'> {
  series: DataSeries[];
}

export interface Alert
  extends Field<'Alert', 'id' | 'device' | 'ruleId' | 'ruleName' | 'kind' | 'allowedActions'>,
    Maybe<'Alert', 'site' | 'metric' | 'ruleVersion' | 'pendingSince' | 'firingSince' | 'resolvedAt'>,
    Maybe<'Alert', 'value' | 'threshold' | 'explanation' | 'comment'> {
  severity: Severity;
  state: AlertState;
  acknowledged: (Field<'Acknowledged', 'at'> & Maybe<'Acknowledged', 'by'>) | null;
}

export interface AlertTransition
  extends Field<'Transition', 'id' | 'from' | 'to' | 'at'>,
    Maybe<'Transition', 'dataTime' | 'value' | 'threshold' | 'explanation'> {}

export interface AlertDetail extends Alert {
  transitions: AlertTransition[];
}

export interface AlertPage extends Page<Alert> {
  counts: SeverityCounts & Field<'Counts', 'acknowledged'>;
}

/** The description names the kinds by their schemas and not by the words that they have in JSON. */
export type RuleCondition =
  | (Field<'Threshold', 'metric' | 'value' | 'clear'> & { type: 'threshold'; operator: ThresholdOperator })
  | (Field<'Absence', 'afterSeconds'> & { type: 'absence' });

export type RuleScope = Field<'Scope', 'devices' | 'types' | 'sites' | 'labels'>;

export interface RuleDraft
  extends Field<'RuleDraft', 'name' | 'enabled' | 'holdSeconds' | 'clearHoldSeconds'>,
    Maybe<'RuleDraft', 'runbook' | 'owner'> {
  severity: Severity;
  scope: RuleScope;
  condition: RuleCondition;
}

/** A draft as the description has it. */
export type DescribedDraft = Schemas['RuleDraft'];

export interface Rule
  extends RuleDraft,
    Field<'Rule', 'id' | 'version'>,
    Maybe<'Rule', 'updatedAt' | 'updatedBy'> {}

export interface StageInstance
  extends Field<'Instance', 'instance' | 'state'>,
    Maybe<'Instance', 'version' | 'startedAt' | 'at'> {}

export interface Stage
  extends Field<'Stage', 'id' | 'name'>,
    Maybe<'Stage', 'ratePerSecond' | 'lagSeconds' | 'lagRecords' | 'ageSeconds' | 'errors' | 'detail'> {
  state: StageState;
  instances: StageInstance[];
}

/** Data that is kept for one and the same time: of one fineness, or of one other kind. */
export interface StoreClass
  extends Field<'DataClass', 'name' | 'sizeBytes' | 'rows'>,
    Maybe<'DataClass', 'keptSeconds'> {}

export interface SystemReport extends Field<'SystemReport', 'at'>, Maybe<'SystemReport', 'version'> {
  stages: Stage[];
  quarantine: Field<'Refused', 'reason' | 'count24h'>[];
  store:
    | (Maybe<'Store', 'measurements' | 'sizeBytes' | 'oldest' | 'newest'> &
        Maybe<'Store', 'timescale' | 'product' | 'schema'> & { classes: StoreClass[] })
    | null;
}

/** `count` tells how many equal ones came within the hour, `notReplayable` why it cannot be replayed. */
export interface QuarantinedMessage
  extends Field<'Item', 'id' | 'reason' | 'receivedAt' | 'count'>,
    Maybe<'Item', 'device' | 'topic' | 'transport' | 'detail' | 'metric' | 'hint' | 'lastReceivedAt'>,
    Maybe<'Item', 'size' | 'contentType' | 'payloadPreview' | 'notReplayable'> {
  replay: (Field<'LastReplay', 'at' | 'outcome'> & Maybe<'LastReplay', 'by' | 'detail'>) | null;
}

/** What came of replaying one message, or would. */
export interface ReplayResult
  extends Field<'ReplayResult', 'id' | 'outcome'>,
    Maybe<'ReplayResult', 'detail'> {
  preview: Field<'ReplaySample', 'device' | 'ts' | 'metric' | 'value'>[];
}

export interface ReplayResults extends Field<'ReplayResults', 'dryRun'> {
  results: ReplayResult[];
}

/** received = stored + duplicate + quarantined + inFlight + missing; samples and refusals. */
export interface LedgerCounts
  extends Field<
    'LedgerCounts',
    'received' | 'stored' | 'duplicate' | 'quarantined' | 'inFlight' | 'missing' | 'unsure'
  > {
  state: LedgerState;
}

export interface Ledger extends Field<'LedgerAnswer', 'from' | 'to'> {
  totals: LedgerCounts;
  items: (Field<'LedgerItem', 'start'> & { counts: LedgerCounts })[];
  imbalances: (Field<'LedgerImbalance', 'minute' | 'missing' | 'partitions'> &
    Maybe<'LedgerImbalance', 'instance'>)[];
}

/** What is wrong with one part of a request; `position` is the character of a text where it stops making sense. */
export type FieldProblem = Field<'Fault', 'pointer' | 'detail'> & Partial<Field<'Fault', 'position'>>;

/** A refusal as it comes (RFC 9457): whatever is in front of the API may send something else. */
export type ProblemDocument = { [K in keyof Schemas['Problem']]?: unknown };

// Events of the stream: the description does not have them.

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
