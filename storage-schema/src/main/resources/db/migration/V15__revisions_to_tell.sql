-- What live viewers are still to be told: ranges of a series of which what is stored was changed by a repair or a correction.
-- Written with the change, deleted when Kafka has it. The windows as '10s/1790000000000000 1m/...', start in µs; null where they
-- are too many to be told one by one, or some are there no more.
CREATE TABLE revision_notice (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    series_id integer NOT NULL,
    from_us   bigint  NOT NULL,
    to_us     bigint  NOT NULL,
    windows   text
);

-- A window that a correction took away and a repair makes anew goes on counting its revisions where it was.
ALTER TABLE window_repair ADD COLUMN least_revision integer NOT NULL DEFAULT 1;
