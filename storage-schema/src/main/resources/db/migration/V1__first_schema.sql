-- The first schema. Runs unchanged on plain PostgreSQL 17+ and on TimescaleDB; the time-partitioned tables become
-- hypertables in a later step of the same migration, where the extension is installed.

CREATE TABLE tenant (
    id         text PRIMARY KEY,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE site (
    tenant    text NOT NULL,
    id        text NOT NULL,
    name      text NOT NULL,
    timezone  text NOT NULL DEFAULT 'UTC',
    latitude  double precision,
    longitude double precision,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE device (
    tenant               text        NOT NULL,
    id                   text        NOT NULL,
    name                 text        NOT NULL,
    type                 text,
    site                 text,
    labels               jsonb       NOT NULL DEFAULT '{}',
    expected_interval_ms bigint,
    enabled              boolean     NOT NULL DEFAULT true,
    version              bigint      NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, id)
);
CREATE INDEX device_by_site ON device (tenant, site, id);
CREATE INDEX device_by_type ON device (tenant, type, id);

CREATE TABLE device_credential (
    tenant     text        NOT NULL,
    device     text        NOT NULL,
    salt       bytea       NOT NULL,
    hash       bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, device, hash),
    FOREIGN KEY (tenant, device) REFERENCES device (tenant, id) ON DELETE CASCADE
);

-- The catalogue: what is measured, in which unit.
CREATE TABLE metric (
    tenant      text NOT NULL,
    name        text NOT NULL,
    unit        text,
    kind        text NOT NULL CHECK (kind IN ('number', 'boolean', 'state')),
    description text,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE series (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    device text NOT NULL,
    metric text NOT NULL,
    UNIQUE (tenant, device, metric)
);

-- Identity of a measurement: (series, time). The unique index is what makes a second copy a duplicate.
CREATE TABLE measurement (
    series_id   integer          NOT NULL,
    ts          timestamptz      NOT NULL,
    value       double precision NOT NULL,
    received_at timestamptz      NOT NULL,
    PRIMARY KEY (series_id, ts)
);

CREATE TABLE state_change (
    series_id   integer     NOT NULL,
    ts          timestamptz NOT NULL,
    value       text        NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (series_id, ts)
);

-- Newest sample of each series by device time; never goes back.
CREATE TABLE latest (
    series_id   integer PRIMARY KEY,
    ts          timestamptz NOT NULL,
    value       double precision,
    text        text,
    received_at timestamptz NOT NULL,
    stored_at   timestamptz NOT NULL DEFAULT now(),
    CHECK ((value IS NULL) <> (text IS NULL))
) WITH (fillfactor = 70);

-- Summaries of a series over [start_at, start_at + size). phase: 0 early, 1 final, 2 revised.
CREATE TABLE window_10s (
    series_id integer          NOT NULL,
    start_at  timestamptz      NOT NULL,
    phase     smallint         NOT NULL,
    revision  integer          NOT NULL,
    count     bigint           NOT NULL,
    sum       double precision NOT NULL,
    min       double precision NOT NULL,
    max       double precision NOT NULL,
    first     double precision NOT NULL,
    first_ts  timestamptz      NOT NULL,
    last      double precision NOT NULL,
    last_ts   timestamptz      NOT NULL,
    mean      double precision NOT NULL,
    m2        double precision NOT NULL,
    PRIMARY KEY (series_id, start_at)
);

CREATE TABLE window_1m (LIKE window_10s INCLUDING ALL);

-- Windows that a measurement reached after the stream had let go of them: recomputed from the rows once the row that
-- asked for it (by its place in the topic) is stored.
CREATE TABLE window_repair (
    series_id        integer     NOT NULL,
    size             text        NOT NULL,
    start_at         timestamptz NOT NULL,
    source_partition integer     NOT NULL,
    source_offset    bigint      NOT NULL,
    PRIMARY KEY (series_id, size, start_at)
);

CREATE TABLE presence (
    tenant               text        NOT NULL,
    device               text        NOT NULL,
    state                text        NOT NULL,
    since                timestamptz NOT NULL,
    last_seen            timestamptz,
    last_sample_ts       timestamptz,
    expected_interval_ms bigint,
    connected            boolean,
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 70);
CREATE INDEX presence_by_state ON presence (tenant, state, device);

CREATE TABLE presence_change (
    tenant   text        NOT NULL,
    device   text        NOT NULL,
    at       timestamptz NOT NULL,
    state    text        NOT NULL,
    previous text,
    PRIMARY KEY (tenant, device, at, state)
);

CREATE TABLE rule (
    tenant     text        NOT NULL,
    id         uuid        NOT NULL,
    version    integer     NOT NULL,
    enabled    boolean     NOT NULL,
    name       text        NOT NULL,
    definition jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by text        NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE alert (
    id              uuid PRIMARY KEY,
    tenant          text        NOT NULL,
    device          text        NOT NULL,
    metric          text,
    rule_id         uuid        NOT NULL,
    rule_version    integer     NOT NULL,
    rule_name       text        NOT NULL,
    kind            text        NOT NULL,
    severity        text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
    pending_since   timestamptz NOT NULL,
    firing_since    timestamptz,
    resolved_at     timestamptz,
    value           double precision,
    threshold       double precision,
    explanation     text        NOT NULL,
    -- Time of the newest transition that this row shows: an older one never overwrites it.
    decided_at      timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    comment         text
);
CREATE INDEX alert_open ON alert (tenant, severity, pending_since DESC) WHERE state <> 'resolved';
CREATE INDEX alert_by_time ON alert (tenant, pending_since DESC, id);
CREATE INDEX alert_by_device ON alert (tenant, device, pending_since DESC);

CREATE TABLE alert_transition (
    id          uuid        NOT NULL,
    alert_id    uuid        NOT NULL,
    tenant      text        NOT NULL,
    at          timestamptz NOT NULL,
    from_state  text        NOT NULL,
    to_state    text        NOT NULL,
    value       double precision,
    threshold   double precision,
    data_time   timestamptz NOT NULL,
    explanation text        NOT NULL,
    PRIMARY KEY (id, at)
);
CREATE INDEX alert_transition_by_alert ON alert_transition (alert_id, at);

CREATE TABLE quarantine (
    id          uuid        NOT NULL,
    tenant      text        NOT NULL,
    device      text,
    topic       text        NOT NULL,
    transport   text        NOT NULL,
    reason      text        NOT NULL,
    detail      text        NOT NULL,
    metric      text,
    received_at timestamptz NOT NULL,
    size        bigint      NOT NULL,
    sha256      text        NOT NULL,
    payload     bytea       NOT NULL,
    PRIMARY KEY (id, received_at)
);
CREATE INDEX quarantine_by_time ON quarantine (tenant, received_at DESC, id);

-- Where each consumer of Kafka stands, committed together with the rows that it wrote.
CREATE TABLE consumer_offset (
    consumer    text    NOT NULL,
    topic       text    NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint  NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
);

-- Changes of rules and devices on their way to the compacted topics; a row goes when Kafka has it.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic      text        NOT NULL,
    key        text        NOT NULL,
    value      text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ledger (
    tenant      text        NOT NULL,
    minute      timestamptz NOT NULL,
    received    bigint      NOT NULL DEFAULT 0,
    stored      bigint      NOT NULL DEFAULT 0,
    duplicate   bigint      NOT NULL DEFAULT 0,
    quarantined bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, minute)
);

CREATE TABLE audit (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text        NOT NULL,
    at     timestamptz NOT NULL DEFAULT now(),
    actor  text        NOT NULL,
    action text        NOT NULL,
    target text        NOT NULL,
    detail jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_time ON audit (tenant, at DESC, id);
