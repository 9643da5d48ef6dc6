-- Changes of what is stored, as the log of readings has them: what was asked, how far it has been applied, and what it did.
CREATE TABLE correction (
    id                 uuid PRIMARY KEY,
    tenant             text        NOT NULL,
    device             text        NOT NULL,
    metric             text,
    action             text        NOT NULL CHECK (action IN ('delete', 'set', 'offset', 'scale', 'points')),
    from_at            timestamptz NOT NULL,
    to_at              timestamptz NOT NULL,
    value              double precision,
    points             integer     NOT NULL DEFAULT 0,
    reason             text        NOT NULL,
    requested_by       text        NOT NULL,
    requested_at       timestamptz NOT NULL,
    status             text        NOT NULL CHECK (status IN ('accepted', 'applying', 'done', 'failed')),
    -- Its place in the log, once the writer has come to it, and the end of what it has applied so far.
    applied_by         text,
    source_partition   integer,
    source_offset      bigint,
    applied_before     timestamptz,
    -- Samples in the range and the sum, modulo 2^64, of the first 8 bytes of MD5(metric,µs,value) of each.
    before_rows        bigint      NOT NULL DEFAULT 0,
    before_fingerprint numeric     NOT NULL DEFAULT 0,
    after_rows         bigint      NOT NULL DEFAULT 0,
    after_fingerprint  numeric     NOT NULL DEFAULT 0,
    windows            bigint      NOT NULL DEFAULT 0,
    failure            text,
    finished_at        timestamptz
);
CREATE INDEX correction_by_time ON correction (tenant, requested_at DESC, id);

-- The series that a correction changed: a window that the stream told before it knew of the correction is void.
CREATE TABLE correction_range (
    series_id        integer     NOT NULL,
    correction       uuid        NOT NULL,
    from_at          timestamptz NOT NULL,
    to_at            timestamptz NOT NULL,
    source_partition integer     NOT NULL,
    source_offset    bigint      NOT NULL,
    PRIMARY KEY (series_id, correction)
);
