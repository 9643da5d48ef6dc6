-- What a fleet is searched, sorted and mapped by.

ALTER TABLE device ADD COLUMN firmware text;
ALTER TABLE device ADD COLUMN latitude double precision;
ALTER TABLE device ADD COLUMN longitude double precision;
ALTER TABLE device ADD CONSTRAINT device_location_whole CHECK ((latitude IS NULL) = (longitude IS NULL));

ALTER TABLE site ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE site ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE INDEX device_by_name ON device (tenant, name, id);
CREATE INDEX device_by_firmware ON device (tenant, firmware, id);
-- Only containment is asked of labels, for which this kind of index is the small one.
CREATE INDEX device_by_label ON device USING gin (labels jsonb_path_ops);
CREATE INDEX device_by_location ON device (tenant, latitude, longitude) WHERE latitude IS NOT NULL;
-- From a metric to the devices that report it; the primary key goes the other way.
CREATE INDEX series_by_metric ON series (tenant, metric, device) INCLUDE (id);

-- A part of an id or a name is found by its trigrams. The extension comes with PostgreSQL; where it is not installed, or
-- the role may not create it, searches by words read the tenant's devices one by one.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX device_by_words ON device USING gin (id gin_trgm_ops, name gin_trgm_ops);
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR undefined_object THEN
        RAISE NOTICE 'pg_trgm can not be used: words are looked for without an index';
END
$$;

-- A change of many devices that somebody has been shown and may carry out: exactly these devices, in these versions.
CREATE TABLE bulk_change (
    id         uuid PRIMARY KEY,
    tenant     text        NOT NULL,
    actor      text        NOT NULL,
    search     text        NOT NULL,
    change     jsonb       NOT NULL,
    devices    text[]      NOT NULL,
    versions   bigint[]    NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX bulk_change_by_tenant ON bulk_change (tenant, created_at);
CREATE INDEX bulk_change_by_expiry ON bulk_change (expires_at);
