-- Requests that carried an Idempotency-Key, for as long as they are remembered. The key itself is not here, only its hash; the
-- answer is sealed with the key, because some answers hold a password that is kept nowhere.
CREATE TABLE idempotency_key (
    tenant       text        NOT NULL,
    subject      text        NOT NULL,
    key_hash     bytea       NOT NULL,
    request_hash bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Null until the request has ended well.
    status       integer,
    answer       bytea,
    PRIMARY KEY (tenant, subject, key_hash)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);
