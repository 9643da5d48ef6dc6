-- An hour that is repaired while it runs is repaired once more when it is over, whether or not anybody asks again: its
-- request waits until then. All others are due as soon as their reading is stored.
ALTER TABLE window_repair ADD COLUMN due_at timestamptz NOT NULL DEFAULT '-infinity';

-- The writer looks with every batch: those that wait must not be read each time.
CREATE INDEX window_repair_due ON window_repair (source_partition, due_at);
