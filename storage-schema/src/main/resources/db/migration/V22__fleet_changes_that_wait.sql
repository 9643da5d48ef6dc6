-- How many changes of devices wait to be counted, up to so many, and for how many seconds the oldest has waited (0 where none
-- does): whoever watches that may not see the devices of all tenants. By the clock of the database, which also wrote the notes.
CREATE FUNCTION fleet_waiting(most integer, OUT waiting bigint, OUT oldest_seconds double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM (SELECT FROM fleet_note LIMIT most) AS waits),
           COALESCE((SELECT greatest(extract(epoch FROM clock_timestamp() - at)::double precision, 0)
                       FROM fleet_note ORDER BY id LIMIT 1), 0)
$$;
