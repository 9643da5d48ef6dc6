/**
 * What the pages see of the API: the fields, and what they hold, are those of its description (`schema.d.ts`, made of
 * docs/api/openapi.yaml), so that a field that is renamed or holds something else does not compile here. The decoders
 * are tolerant readers: a field that a page can do without may be null although the description promises it.
 * Times are RFC 3339 text unless the name says `Ms`.
 */
import type { components } from './schema';

type Schemas = components['schemas'];
type Name = keyof Schemas;

/** Those of a schema that the description promises: they are there, and not null. */
type Promised<S extends Name> = {
  [K in keyof Schemas[S]]-?: undefined extends Schemas[S][K] ? never : null extends Schemas[S][K] ? never : K;
}[keyof Schemas[S]];

/** These fields of a schema, which promises them. */
type Field<S extends Name, K extends Promised<S>> = { [P in K]: Schemas[S][P] };

/** These fields of a schema; null where they are missing. */
type Maybe<S extends Name, K extends keyof Schemas[S]> = { [P in K]-?: NonNullable<Schemas[S][P]> | null };

/** These fields of a schema, which may lack them: the decoder puts something in their place, or refuses the answer. */
type Filled<S extends Name, K extends keyof Schemas[S]> = { [P in K]-?: NonNullable<Schemas[S][P]> };

/** These fields of a schema as text: a later version may have more words, and a page shows the one that came. */
type Text<S extends Name, K extends Promised<S>> = { [P in K]: string };

export type PresenceState = Schemas['Presence']['state'];
export type Severity = Schemas['Alert']['severity'];
export type MetricKind = Schemas['DeviceMetric']['kind'];
export type StageState = Schemas['Stage']['state'];
export type AlertState = Schemas['Alert']['state'];
export type LedgerState = Schemas['LedgerCounts']['state'];
export type ThresholdOperator = Schemas['Threshold']['operator'];

export type SeverityCounts = Field<'DeviceAlerts', 'critical' | 'warning' | 'info'>;

export interface Me extends Field<'Me', 'subject' | 'name' | 'tenant' | 'roles' | 'rights'> {
  limits: Field<'Limits', 'maxPoints'>;
}

export type PresenceCounts = Field<'FleetPresences', 'reporting' | 'late' | 'silent' | 'offline' | 'unknown'>;

export interface SiteSummary
  extends Field<
      'SiteSummary',
      'id' | 'name' | 'devices' | 'reporting' | 'late' | 'silent' | 'offline' | 'unknown'
    >,
    Maybe<'SiteSummary', 'timezone'> {
  alerts: SeverityCounts;
}

export interface AttentionGroup
  extends Field<'Attention', 'ruleId' | 'ruleName' | 'severity' | 'devices'>,
    Maybe<'Attention', 'site' | 'since'> {}

export interface FleetSummary
  extends Field<'FleetSummary', 'at'>,
    Maybe<'FleetSummary', 'countedUntil' | 'dataThrough'> {
  devices: PresenceCounts & Field<'FleetPresences', 'total'>;
  alerts: SeverityCounts & Field<'FleetAlerts', 'unacknowledged'>;
  rates: Maybe<'Rates', 'readingsPerSecond' | 'measurementsPerSecond'>;
  lag: Maybe<'Lag', 'secondsP50' | 'secondsP99'> | null;
  sites: SiteSummary[];
  attention: AttentionGroup[];
}

export interface Presence
  extends Field<'Presence', 'state'>,
    Maybe<'Presence', 'since' | 'lastSeen' | 'lastSampleTime' | 'connected'> {
  /** Metrics that have stopped while others of the device go on. */
  silentMetrics?: NonNullable<Schemas['Presence']['silentMetrics']>;
}

export interface Device
  extends Field<'Device', 'id' | 'labels' | 'enabled' | 'mayBackfill' | 'version'>,
    Maybe<'Device', 'name' | 'type' | 'site' | 'expectedIntervalSeconds' | 'createdAt'> {
  presence: Presence;
  openAlerts: SeverityCounts;
}

export interface Metric extends Field<'DeviceMetric', 'name' | 'kind'>, Maybe<'DeviceMetric', 'unit'> {}

/** A metric that any device has sent. */
export interface KnownMetric extends Field<'Metric', 'name'> {}

export interface DeviceDetail extends Device {
  metrics: Metric[];
}

export interface Page<T> extends Maybe<'DevicePage', 'nextCursor' | 'total'> {
  items: T[];
}

export interface DevicePage extends Page<Device>, Field<'DevicePage', 'totalIsExact'> {}

export interface LatestSample
  extends Field<'Sample', 'metric' | 'kind' | 'time'>,
    Maybe<'Sample', 'unit' | 'value' | 'text' | 'receivedAt' | 'storedAt'> {
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
export interface DataSeries extends Field<'Series', 'metric' | 'kind' | 'times'>, Maybe<'Series', 'unit'> {
  values: Column<'values'>;
  avg: Column<'avg'>;
  min: Column<'min'>;
  max: Column<'max'>;
  texts: Column<'texts'>;
}

export interface DataAnswer
  extends Field<'DataAnswer', 'resolution' | 'method' | 'truncated'>,
    Filled<'DataAnswer', 'device'>,
    Maybe<'DataAnswer', 'from' | 'to' | 'dataThrough'> {
  series: DataSeries[];
}

export interface Alert
  extends Field<'Alert', 'id' | 'device' | 'ruleId' | 'ruleName' | 'severity' | 'state' | 'allowedActions'>,
    Text<'Alert', 'kind'>,
    Maybe<'Alert', 'site' | 'metric' | 'ruleVersion' | 'pendingSince' | 'firingSince' | 'resolvedAt'>,
    Maybe<'Alert', 'value' | 'threshold' | 'explanation' | 'comment'> {
  acknowledged: (Field<'Acknowledged', 'at'> & Maybe<'Acknowledged', 'by'>) | null;
}

export interface AlertTransition
  extends Field<'Transition', 'id' | 'from' | 'to' | 'at'>,
    Maybe<'Transition', 'dataTime' | 'value' | 'threshold' | 'explanation'> {}

export interface AlertDetail extends Alert {
  transitions: AlertTransition[];
}

export interface AlertPage extends Page<Alert> {
  counts: SeverityCounts & Field<'AlertCounts', 'acknowledged'>;
}

export type RuleCondition =
  | (Field<'Threshold', 'type' | 'metric' | 'operator' | 'value'> & Filled<'Threshold', 'clear'>)
  | (Field<'Absence', 'type' | 'afterSeconds'> & Maybe<'Absence', 'metric'>);

export type RuleScope = Filled<'Scope', 'devices' | 'types' | 'sites' | 'labels'>;

export interface RuleDraft
  extends Field<'Rule', 'name' | 'enabled' | 'severity' | 'holdSeconds' | 'clearHoldSeconds'>,
    Maybe<'Rule', 'runbook' | 'owner'> {
  scope: RuleScope;
  condition: RuleCondition;
}

export interface Rule
  extends RuleDraft,
    Field<'Rule', 'id' | 'version'>,
    Maybe<'Rule', 'updatedAt' | 'updatedBy'> {}

export interface StageInstance
  extends Field<'Instance', 'instance' | 'state'>,
    Maybe<'Instance', 'version' | 'startedAt' | 'at'> {}

export interface Stage
  extends Field<'Stage', 'name' | 'state'>,
    Text<'Stage', 'id'>,
    Maybe<'Stage', 'ratePerSecond' | 'lagSeconds' | 'lagRecords' | 'ageSeconds' | 'errors' | 'detail'> {
  instances: StageInstance[];
}

/** Data that is kept for one and the same time: of one fineness, or of one other kind. */
export interface StoreClass
  extends Field<'DataClass', 'name' | 'sizeBytes' | 'rows'>,
    Maybe<'DataClass', 'keptSeconds'> {}

export interface SystemReport extends Field<'SystemReport', 'at'>, Maybe<'SystemReport', 'version'> {
  stages: Stage[];
  quarantine: Field<'RefusedCount', 'reason' | 'count24h'>[];
  store:
    | (Maybe<'Store', 'measurements' | 'sizeBytes' | 'oldest' | 'newest'> &
        Maybe<'Store', 'timescale' | 'product' | 'schema'> & { classes: StoreClass[] })
    | null;
}

/** `count` tells how many equal ones came within the hour, `notReplayable` why it cannot be replayed. */
export interface QuarantinedMessage
  extends Field<'QuarantinedMessage', 'id' | 'reason' | 'receivedAt' | 'count'>,
    Maybe<
      'QuarantinedMessage',
      'device' | 'topic' | 'transport' | 'detail' | 'metric' | 'hint' | 'lastReceivedAt'
    >,
    Maybe<'QuarantinedMessage', 'size' | 'contentType' | 'payloadPreview' | 'notReplayable'> {
  replay: (Field<'LastReplay', 'at' | 'outcome'> & Maybe<'LastReplay', 'by' | 'detail'>) | null;
}

/** What came of replaying one message, or would. */
export interface ReplayResult
  extends Field<'ReplayResult', 'id'>,
    Text<'ReplayResult', 'outcome'>,
    Maybe<'ReplayResult', 'detail'> {
  preview: Field<'ReplaySample', 'device' | 'ts' | 'metric' | 'value'>[];
}

export interface ReplayResults extends Field<'ReplayResults', 'dryRun'> {
  results: ReplayResult[];
}

/** What came of a number of messages, or would. */
export interface ReplayTally
  extends Field<'ReplayTally', 'rows' | 'accepted' | 'partial' | 'refused' | 'failed'> {
  refusals: Field<'StillRefused', 'reason' | 'rows' | 'detail'>[];
}

/** What a replay of all that a filter finds would mean. */
export interface MatchPreview
  extends Field<
      'MatchPreview',
      'matched' | 'matchedIsExact' | 'replayable' | 'alreadyReplayed' | 'notReplayable' | 'until' | 'reasons'
    >,
    Maybe<'MatchPreview', 'cursor'> {
  sample: ReplayTally;
}

/** One page of it. */
export interface MatchProgress
  extends Field<'MatchProgress', 'remaining' | 'remainingIsExact'>,
    Maybe<'MatchProgress', 'through' | 'nextCursor'> {
  taken: ReplayTally;
}

/** received = stored + duplicate + quarantined + inFlight + missing; samples and refusals. */
export interface LedgerCounts
  extends Field<
    'LedgerCounts',
    'received' | 'stored' | 'duplicate' | 'quarantined' | 'inFlight' | 'missing' | 'unsure' | 'state'
  > {}

/** One minute; also an entry of the stream event `ledger`. */
export interface LedgerMinute extends Field<'LedgerItem', 'start'> {
  counts: LedgerCounts;
}

export interface Ledger extends Field<'LedgerAnswer', 'from' | 'to'> {
  totals: LedgerCounts;
  items: LedgerMinute[];
  imbalances: (Field<'LedgerImbalance', 'minute' | 'missing' | 'partitions'> &
    Maybe<'LedgerImbalance', 'instance'>)[];
}

/** What is wrong with one part of a request; `position` is the character of a text where it stops making sense. */
export type FieldProblem = Field<'Fault', 'pointer' | 'detail'> & Partial<Filled<'Fault', 'position'>>;

/** A refusal as it comes (RFC 9457): whatever is in front of the API may send something else. */
export type ProblemDocument = { [K in keyof Schemas['Problem']]?: unknown };

/** Stream event `samples`: one series of one device, batched per tick. Booleans arrive as 0 and 1. */
export type SampleBatch = Field<'StreamSamples', 'device' | 'metric' | 'times' | 'values'>;

/** Stream event `states`: text values, same shape. */
export type StateBatch = Field<'StreamStates', 'device' | 'metric' | 'times' | 'values'>;

/** Stream event `changed`: what is stored of a range has changed, an answer about it is out of date. */
export type StoredChange = Field<'StreamChange', 'device' | 'metric' | 'from' | 'to'>;

/** Stream event `presence`, as on the wire: times in microseconds. */
export interface PresenceChange
  extends Field<'StreamPresence', 'device' | 'state' | 'at'>,
    Maybe<'StreamPresence', 'previous' | 'lastSeen' | 'lastSampleTs' | 'connected'> {
  silentMetrics?: NonNullable<Schemas['StreamPresence']['silentMetrics']>;
}

/** Stream event `alerts`. */
export interface AlertChange
  extends Field<'StreamAlert', 'alert' | 'device' | 'ruleId' | 'ruleName' | 'severity' | 'from' | 'to'>,
    Maybe<'StreamAlert', 'metric'> {}
