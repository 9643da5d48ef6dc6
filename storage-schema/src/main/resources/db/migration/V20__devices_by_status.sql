-- Devices that nothing was heard of have no row in presence to find them by: those that are counted as unknown, and those
-- that are not counted, of which there are few. Neither index is touched when a device is seen again.
CREATE INDEX fleet_member_unknown ON fleet_member (tenant, device) WHERE state = 'unknown';
CREATE INDEX device_disabled ON device (tenant, id) WHERE NOT enabled;
