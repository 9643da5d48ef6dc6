-- Windows of one hour, and a sketch of the values (common-model, QuantileSketch) where a window has one: the
-- percentiles of any set of windows come from the sum of their sketches.

ALTER TABLE window_1m ADD COLUMN sketch bytea;

CREATE TABLE window_1h (LIKE window_1m INCLUDING ALL);

-- The hours that are stored as minutes already. Those that may still be open stay early, so that nobody takes them for
-- complete; they have no sketch, because their minutes have none. Values are cut to sizes whose squares and sums a double
-- holds: beyond it the database would refuse the whole migration.
INSERT INTO window_1h (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, last_ts, mean, m2)
WITH minute AS (
    SELECT series_id, date_trunc('hour', start_at, 'UTC') AS hour, count, greatest(least(sum, 1e300), -1e300) AS sum,
           min, max, first, first_ts, last, last_ts, greatest(least(mean, 1e140), -1e140) AS mean, least(m2, 1e300) AS m2
    FROM window_1m
), centre AS (
    SELECT series_id, hour, sum(mean * count) / sum(count) AS mean FROM minute GROUP BY series_id, hour
)
SELECT m.series_id, m.hour, CASE WHEN m.hour < now() - interval '3 hours' THEN 1 ELSE 0 END, 0, sum(m.count)::bigint,
       sum(m.sum), min(m.min), max(m.max), (array_agg(m.first ORDER BY m.first_ts))[1], min(m.first_ts),
       (array_agg(m.last ORDER BY m.last_ts DESC))[1], max(m.last_ts), c.mean,
       sum(m.m2) + sum(m.count * (m.mean - c.mean) * (m.mean - c.mean))
FROM minute m
JOIN centre c ON c.series_id = m.series_id AND c.hour = m.hour
GROUP BY m.series_id, m.hour, c.mean;
