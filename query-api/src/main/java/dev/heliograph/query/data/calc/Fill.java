package dev.heliograph.query.data.calc;

import java.util.Arrays;

/** What stands in buckets without samples. */
public enum Fill {
    /** Nothing: they are left out. */
    NONE,
    /** The value of the bucket before; nothing before the first. */
    PREVIOUS,
    /** The straight line between the neighbours, by the starts of the buckets; nothing before the first and behind the last. */
    LINEAR;

    /** Fills the NaNs of a column in place; {@code times} are the starts of the buckets. */
    public void fill(double[] column, long[] times) {
        int known = -1;
        for (int i = 0; i < column.length; i++) {
            if (Double.isNaN(column[i])) {
                continue;
            }
            if (this == LINEAR && known >= 0) {
                draw(column, times, known, i);
            } else if (this == PREVIOUS && known >= 0) {
                Arrays.fill(column, known + 1, i, column[known]);
            }
            known = i;
        }
        if (this == PREVIOUS && known >= 0) {
            Arrays.fill(column, known + 1, column.length, column[known]);
        }
    }

    private static void draw(double[] column, long[] times, int from, int to) {
        double whole = times[to] - times[from];
        for (int i = from + 1; i < to; i++) {
            double share = (times[i] - times[from]) / whole;
            column[i] = column[from] * (1 - share) + column[to] * share;
        }
    }
}
