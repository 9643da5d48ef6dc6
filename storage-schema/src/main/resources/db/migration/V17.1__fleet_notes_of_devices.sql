CREATE TRIGGER devices_come AFTER INSERT ON device REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_devices();
CREATE TRIGGER devices_go AFTER DELETE ON device REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_devices();
-- Its key never changes.
CREATE TRIGGER device_changes AFTER UPDATE ON device FOR EACH ROW
    WHEN ((OLD.enabled, OLD.site, OLD.latitude, OLD.longitude)
          IS DISTINCT FROM (NEW.enabled, NEW.site, NEW.latitude, NEW.longitude))
    EXECUTE FUNCTION note_device();
CREATE TRIGGER devices_emptied AFTER TRUNCATE ON device FOR EACH STATEMENT EXECUTE FUNCTION note_whole_fleet();
