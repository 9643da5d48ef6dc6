CREATE TRIGGER presences_come AFTER INSERT ON presence REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_presences();
CREATE TRIGGER presences_go AFTER DELETE ON presence REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_presences();
-- Most rows are written because a device was seen again, not because it is another way.
CREATE TRIGGER presence_changes AFTER UPDATE ON presence FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION note_presence();
CREATE TRIGGER presences_emptied AFTER TRUNCATE ON presence FOR EACH STATEMENT EXECUTE FUNCTION note_whole_fleet();

-- A receiver that lies still says another place each time, some metres off: only another square of a ten-thousandth of a degree
-- is another place here.
CREATE TRIGGER positions_come AFTER INSERT ON device_position REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_presences();
CREATE TRIGGER positions_go AFTER DELETE ON device_position REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_presences();
CREATE TRIGGER position_changes AFTER UPDATE ON device_position FOR EACH ROW
    WHEN ((floor(OLD.latitude * 10000), floor(OLD.longitude * 10000))
          IS DISTINCT FROM (floor(NEW.latitude * 10000), floor(NEW.longitude * 10000)))
    EXECUTE FUNCTION note_presence();
CREATE TRIGGER positions_emptied AFTER TRUNCATE ON device_position FOR EACH STATEMENT EXECUTE FUNCTION note_whole_fleet();
