-- The ledger's two ends: for every life of a gateway process (source), tenant and minute of receipt, what it claims to
-- have had acknowledged by Kafka, and what the writer has seen of it.
CREATE TABLE ledger_source (
    tenant     text        NOT NULL,
    minute     timestamptz NOT NULL,
    source     bigint      NOT NULL,
    -- Name of the gateway instance, once a claim has told it.
    instance   text,
    -- Units that the writer read and accounted for as stored, duplicate or quarantined.
    seen       bigint      NOT NULL DEFAULT 0,
    -- Units that the gateway claims: Kafka acknowledged them.
    claimed    bigint      NOT NULL DEFAULT 0,
    -- Units that records say were acknowledged before them: a lower bound of what is owed where the last claim is missing.
    hinted     bigint      NOT NULL DEFAULT 0,
    -- Units that Kafka did not acknowledge in time; some may be among those seen.
    unsure     bigint      NOT NULL DEFAULT 0,
    -- By topic-partition, the highest offset among those claimed: what the writer must have passed before it can be missing.
    positions  jsonb       NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, minute, source)
) WITH (fillfactor = 70);
-- What is in flight or missing: few rows, whatever the size of the table.
CREATE INDEX ledger_source_open ON ledger_source (minute) WHERE GREATEST(claimed, hinted) > seen;

-- Of every open line, how much is owed, and whether the writer is past all that was claimed: then what is still owed is
-- missing, however short ago. One snapshot tells: the writer moves its offsets in the transaction that counts as seen.
CREATE VIEW ledger_open AS
SELECT s.tenant, s.minute, s.source, s.instance, s.seen, s.claimed, s.hinted, s.unsure, s.changed_at,
       GREATEST(s.claimed, s.hinted) - s.seen AS owed,
       GREATEST(s.claimed - s.seen, 0) AS owed_by_claim,
       NOT EXISTS (
           SELECT FROM jsonb_each_text(s.positions) AS p(place, highest)
           WHERE NOT EXISTS (
               SELECT FROM consumer_offset c
               WHERE c.topic || '-' || c.partition = p.place AND c.next_offset > p.highest::bigint)) AS passed
FROM ledger_source s
WHERE GREATEST(s.claimed, s.hinted) > s.seen;

-- What the sequence numbers of a device tell about readings that never came.
CREATE TABLE device_sequence (
    tenant     text        NOT NULL,
    device     text        NOT NULL,
    run        bigint      NOT NULL,
    highest    bigint      NOT NULL,
    highest_ts timestamptz NOT NULL,
    run_since  timestamptz NOT NULL,
    missing    bigint      NOT NULL,
    filled     bigint      NOT NULL,
    resets     bigint      NOT NULL,
    jumps      bigint      NOT NULL,
    -- Five numbers a gap, oldest first: run, first, last, time before it and behind it in microseconds since the epoch.
    gaps       bigint[]    NOT NULL,
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 70);
CREATE INDEX device_sequence_missing ON device_sequence (tenant, device) WHERE missing > 0;

-- Equal refusals of one hour are one row with a count. A record of a topic counts once: by its place, it is new if its
-- offset is behind last_offset.
ALTER TABLE quarantine ADD COLUMN content_type text;
ALTER TABLE quarantine ADD COLUMN count bigint NOT NULL DEFAULT 1;
ALTER TABLE quarantine ADD COLUMN last_at timestamptz;
ALTER TABLE quarantine ADD COLUMN fold uuid;
ALTER TABLE quarantine ADD COLUMN last_offset bigint;
ALTER TABLE quarantine ADD COLUMN replayed_at timestamptz;
ALTER TABLE quarantine ADD COLUMN replayed_by text;
ALTER TABLE quarantine ADD COLUMN replay_outcome text;
ALTER TABLE quarantine ADD COLUMN replay_detail text;
CREATE INDEX quarantine_by_fold ON quarantine (fold, received_at) WHERE fold IS NOT NULL;
