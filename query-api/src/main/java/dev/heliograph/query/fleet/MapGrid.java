package dev.heliograph.query.fleet;

import dev.heliograph.query.problem.Problems;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a map that is looked at, cut into squares of 64 of the 256 pixels of a tile: the Web Mercator projection
 * (EPSG:3857) as of map tiles, x to the east from 180° W, y to the south from {@link #MOST_LATITUDE}.
 *
 * @param west degrees; more than {@code east} where the box crosses 180°
 * @param side squares around the earth: 4 at zoom 0, doubled with each level
 */
record MapGrid(double west, double south, double east, double north, int side) {
    /** Where a square map of the whole earth ends, degrees. */
    static final double MOST_LATITUDE = 85.0511287798066;

    private static final int MOST_ZOOM = 22;
    private static final int SQUARES_PER_TILE = 4;
    private static final String DEGREES = "(-?[0-9]{1,3}(?:\\.[0-9]{1,12})?)";
    private static final Pattern BOX = Pattern.compile(DEGREES + "," + DEGREES + "," + DEGREES + "," + DEGREES);
    private static final Pattern ZOOM = Pattern.compile("[0-9]{1,2}");

    /**
     * Reads the parameters.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 where they are no box and zoom; 422 where there are more
     *     squares than {@code most}
     */
    static MapGrid of(String bbox, String zoom, int most) {
        Matcher box = BOX.matcher(bbox);
        if (!box.matches()) {
            throw Problems.badParameter("bbox", "must be west,south,east,north in degrees");
        }
        double west = Double.parseDouble(box.group(1));
        double south = Double.parseDouble(box.group(2));
        double east = Double.parseDouble(box.group(3));
        double north = Double.parseDouble(box.group(4));
        if (west < -180 || west > 180 || east < -180 || east > 180 || south < -90 || north > 90 || south >= north) {
            throw Problems.badParameter("bbox", "must have longitudes within 180 and latitudes within 90, south first");
        }
        if (!ZOOM.matcher(zoom).matches() || Integer.parseInt(zoom) > MOST_ZOOM) {
            throw Problems.badParameter("zoom", "must be a whole number from 0 to " + MOST_ZOOM);
        }
        MapGrid grid = new MapGrid(west, south, east, north, SQUARES_PER_TILE << Integer.parseInt(zoom));
        if (grid.squares() > most) {
            throw Problems.overLimit(
                    "A map may have " + most + " squares; this box has " + grid.squares() + " at zoom " + zoom + ".");
        }
        return grid;
    }

    boolean crossesTheDateLine() {
        return west > east;
    }

    /** How many squares the box touches. */
    long squares() {
        long columns = crossesTheDateLine() ? side - x(west) + x(east) + 1L : x(east) - x(west) + 1L;
        return Math.min(columns, side) * (y(south) - y(north) + 1L);
    }

    int x(double longitude) {
        return Math.clamp((long) Math.floor((longitude + 180) / 360 * side), 0, side - 1);
    }

    int y(double latitude) {
        double phi = Math.toRadians(Math.clamp(latitude, -MOST_LATITUDE, MOST_LATITUDE));
        double down = (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2;
        return Math.clamp((long) Math.floor(down * side), 0, side - 1);
    }
}
