-- Metrics of a device that have stopped while others of it go on.
ALTER TABLE presence ADD COLUMN silent_metrics text[] NOT NULL DEFAULT '{}';
