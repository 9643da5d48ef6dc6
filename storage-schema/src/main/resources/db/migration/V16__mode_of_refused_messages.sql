-- For what a refused message had been handed in: 'backfill' for history, null for what is live. A replay takes it so again.
ALTER TABLE quarantine ADD COLUMN mode text;
