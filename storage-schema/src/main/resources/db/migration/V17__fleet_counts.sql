-- How many devices of a tenant stand where and how they are, counted as they change, so that nobody counts a fleet to know
-- its size. Triggers note which devices changed; fold_fleet() looks at these, whatever happened to them, and moves each from
-- one count to another. Nobody who changes a device or its presence waits for anybody else because of this.

-- Where a device was by its newest reading that said so. What a person has entered for it comes first.
CREATE TABLE device_position (
    tenant    text             NOT NULL,
    device    text             NOT NULL,
    ts        timestamptz      NOT NULL,
    latitude  double precision NOT NULL,
    longitude double precision NOT NULL,
    altitude  double precision,
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 70);

-- Devices that have changed since they were counted. A device may be here more than once.
CREATE TABLE fleet_note (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text        NOT NULL,
    device text        NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);

-- Every enabled device as it is counted. The place is its own, entered or reported, not that of its site.
CREATE TABLE fleet_member (
    tenant    text NOT NULL,
    device    text NOT NULL,
    site      text,
    latitude  double precision,
    longitude double precision,
    state     text NOT NULL,
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 80);
CREATE INDEX fleet_member_by_location ON fleet_member (tenant, latitude, longitude) WHERE latitude IS NOT NULL;

-- The counts; the site is '' for devices without one. A count that has come down to nothing stays as 0.
CREATE TABLE fleet_count (
    tenant  text    NOT NULL,
    site    text    NOT NULL,
    placed  boolean NOT NULL,
    state   text    NOT NULL,
    devices bigint  NOT NULL,
    PRIMARY KEY (tenant, site, placed, state)
) WITH (fillfactor = 50);

-- Whoever may change a device may not write these tables: the functions run with the rights of their owner, who finds nothing
-- in a temporary schema before what is meant.

CREATE FUNCTION note_devices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fleet_note (tenant, device) SELECT tenant, id FROM changed;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_device() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fleet_note (tenant, device) VALUES (NEW.tenant, NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_presences() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fleet_note (tenant, device) SELECT tenant, device FROM changed;
    RETURN NULL;
END
$$;

CREATE FUNCTION note_presence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fleet_note (tenant, device) VALUES (NEW.tenant, NEW.device);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_whole_fleet() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fleet_note (tenant, device) SELECT tenant, device FROM fleet_member;
    RETURN NULL;
END
$$;

-- Counts what has changed: takes so many notes at most, and returns how many it took. Waits for another that is at it, for
-- as long as the session waits for a lock.
CREATE FUNCTION fold_fleet(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    -- Each device by its key: what is known of the size of a queue may be an hour old, and the tables beside it are large.
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    folded integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'fold_fleet must see what the one before it has done';
    END IF;
    -- Two at a time would move one device twice.
    PERFORM pg_advisory_xact_lock(7241005310180);
    -- One statement: it sees a change together with its note, or neither.
    WITH taken AS (
        DELETE FROM fleet_note WHERE id IN (SELECT id FROM fleet_note ORDER BY id LIMIT most) RETURNING tenant, device
    ), seen AS (
        SELECT k.tenant, k.device, d.id IS NOT NULL AS is_in, m.device IS NOT NULL AS was_in,
               d.site, COALESCE(d.latitude, r.latitude) AS latitude, COALESCE(d.longitude, r.longitude) AS longitude,
               COALESCE(p.state, 'unknown') AS state,
               m.site AS old_site, m.latitude AS old_latitude, m.longitude AS old_longitude, m.state AS old_state
          FROM (SELECT DISTINCT tenant, device FROM taken) AS k
          LEFT JOIN device d ON d.tenant = k.tenant AND d.id = k.device AND d.enabled
          LEFT JOIN presence p ON p.tenant = k.tenant AND p.device = k.device
          LEFT JOIN device_position r ON r.tenant = k.tenant AND r.device = k.device
          LEFT JOIN fleet_member m ON m.tenant = k.tenant AND m.device = k.device
    ), gone AS (
        DELETE FROM fleet_member m USING seen s
         WHERE s.was_in AND NOT s.is_in AND m.tenant = s.tenant AND m.device = s.device
    ), put AS (
        INSERT INTO fleet_member (tenant, device, site, latitude, longitude, state)
        SELECT tenant, device, site, latitude, longitude, state FROM seen
         WHERE is_in AND (NOT was_in OR (site, latitude, longitude, state)
                          IS DISTINCT FROM (old_site, old_latitude, old_longitude, old_state))
        ON CONFLICT (tenant, device) DO UPDATE
           SET site = excluded.site, latitude = excluded.latitude, longitude = excluded.longitude, state = excluded.state
    ), moved AS (
        SELECT tenant, site, placed, state, sum(step) AS devices
          FROM (SELECT tenant, COALESCE(old_site, '') AS site, old_latitude IS NOT NULL AS placed, old_state AS state, -1 AS step
                  FROM seen WHERE was_in
                UNION ALL
                SELECT tenant, COALESCE(site, ''), latitude IS NOT NULL, state, 1 FROM seen WHERE is_in) AS steps
         GROUP BY tenant, site, placed, state
        HAVING sum(step) <> 0
    ), counted AS (
        INSERT INTO fleet_count AS c (tenant, site, placed, state, devices)
        SELECT tenant, site, placed, state, devices FROM moved
        ON CONFLICT (tenant, site, placed, state) DO UPDATE SET devices = c.devices + excluded.devices
    )
    SELECT count(*) INTO folded FROM taken;
    RETURN folded;
END
$$;
