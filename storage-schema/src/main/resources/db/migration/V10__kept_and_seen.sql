-- For how long each class of data is kept, as the process that deletes goes by: of every tenant ('') and of those that differ.
-- Readers ask here before they look for what may be gone.
CREATE TABLE retention (
    tenant       text   NOT NULL,
    class        text   NOT NULL CHECK (class IN ('raw', '10s', '1m', '1h', 'quarantine', 'ledger')),
    keep_seconds bigint NOT NULL CHECK (keep_seconds > 0),
    PRIMARY KEY (tenant, class)
);

-- What the writer has seen of each metric: the smallest and largest value and the earliest time. A row changes only where
-- it grows, and never in the transaction of a batch.
CREATE TABLE metric_range (
    tenant   text             NOT NULL,
    metric   text             NOT NULL,
    min      double precision NOT NULL,
    max      double precision NOT NULL,
    first_ts timestamptz      NOT NULL,
    PRIMARY KEY (tenant, metric)
) WITH (fillfactor = 70);

-- What is stored already, by its hours: they are read without a lock that a writer would meet.
INSERT INTO metric_range (tenant, metric, min, max, first_ts)
SELECT s.tenant, s.metric, min(w.min), max(w.max), min(w.first_ts)
FROM window_1h w
JOIN series s ON s.id = w.series_id
GROUP BY s.tenant, s.metric;
