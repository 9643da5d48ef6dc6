package dev.heliograph.query.fleet;

import java.time.Instant;
import java.util.List;

/**
 * Devices on a map, put together by squares. A device stands where it is said to stand, else where it
 * reported to be (to some ten metres), else at its site; one of which none is
 * known, and one that is not enabled, is not among them.
 *
 * @param side squares around the earth at this zoom; x counts them to the east from 180° W, y to the south
 * @param cells those with devices
 * @param at when they were counted
 * @param countedUntil what became of devices until then is in them
 */
record FleetCells(int zoom, int side, List<Cell> cells, Instant at, Instant countedUntil) {
    /**
     * One square.
     *
     * @param lat mean of its devices, degrees
     * @param lon mean of its devices, degrees
     */
    record Cell(
            int x,
            int y,
            double lat,
            double lon,
            long devices,
            long reporting,
            long late,
            long silent,
            long offline,
            long unknown) {}
}
