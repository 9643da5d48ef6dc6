-- Whether a device may bring readings of any age with its own key. Off unless an administrator says otherwise.
ALTER TABLE device ADD COLUMN may_backfill boolean NOT NULL DEFAULT false;
