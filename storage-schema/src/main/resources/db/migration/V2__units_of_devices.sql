-- A unit that a device names fills the catalogue where it has none. What a person has said stays, also that there is none.
ALTER TABLE metric ADD COLUMN unit_source text CHECK (unit_source IN ('device', 'person'));
UPDATE metric SET unit_source = 'person' WHERE unit IS NOT NULL;

-- Metrics that a device sent in another unit or of another kind than the catalogue has. One row for each such pairing,
-- counted: a device that goes to and fro must not fill the table.
CREATE TABLE schema_change (
    tenant         text        NOT NULL,
    device         text        NOT NULL,
    metric         text        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('number', 'boolean', 'state')),
    unit           text        NOT NULL DEFAULT '',
    catalogue_kind text        NOT NULL,
    catalogue_unit text,
    first_at       timestamptz NOT NULL,
    last_at        timestamptz NOT NULL,
    times          bigint      NOT NULL,
    PRIMARY KEY (tenant, device, metric, kind, unit)
);
