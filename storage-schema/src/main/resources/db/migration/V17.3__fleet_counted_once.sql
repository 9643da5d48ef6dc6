-- The devices that are there. Whatever changes meanwhile is noted already, and nobody is waited for.
INSERT INTO fleet_note (tenant, device) SELECT tenant, id FROM device;
SELECT fold_fleet(2147483647);
