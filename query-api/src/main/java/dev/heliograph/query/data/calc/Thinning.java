package dev.heliograph.query.data.calc;

import java.util.Arrays;

/** Fewer points that look the same. Times rise; the first and the last point stay. */
public enum Thinning {
    /**
     * Smallest and largest value of each of equally long stretches of time: no peak is lost. At most {@code points}. Where only
     * three are wanted, the one that is farther from the first value stands for both.
     */
    MINMAX {
        @Override
        int[] choose(long[] times, double[] values, int size, int points) {
            int stretches = Math.max(1, (points - 2) / 2);
            double length = (double) (times[size - 1] - times[0]) / stretches;
            int[] chosen = new int[points];
            int count = 0;
            chosen[count++] = 0;
            int at = 1;
            for (int stretch = 0; stretch < stretches && at < size - 1; stretch++) {
                double end = stretch == stretches - 1 ? Double.MAX_VALUE : times[0] + length * (stretch + 1);
                int least = at;
                int most = at;
                int begin = at;
                for (; at < size - 1 && times[at] < end; at++) {
                    least = values[at] < values[least] ? at : least;
                    most = values[at] > values[most] ? at : most;
                }
                if (at > begin && least != most && points == LEAST) {
                    boolean lower = values[0] - values[least] > values[most] - values[0];
                    chosen[count++] = lower ? least : most;
                } else if (at > begin) {
                    chosen[count++] = Math.min(least, most);
                    if (least != most) {
                        chosen[count++] = Math.max(least, most);
                    }
                }
            }
            chosen[count++] = size - 1;
            return Arrays.copyOf(chosen, count);
        }
    },
    /**
     * Largest triangle, three buckets: of each of equally many points the one that spans the largest triangle with the point
     * chosen before and the mean of the next bucket. Source: Steinarsson, Downsampling Time Series for Visual Representation,
     * University of Iceland, 2013, section 4.2. Exactly {@code points}.
     */
    LTTB {
        @Override
        int[] choose(long[] times, double[] values, int size, int points) {
            int[] chosen = new int[points];
            double every = (double) (size - 2) / (points - 2);
            int previous = 0;
            for (int bucket = 0; bucket < points - 2; bucket++) {
                int begin = (int) (bucket * every) + 1;
                int end = (int) ((bucket + 1) * every) + 1;
                int nextEnd = Math.min((int) ((bucket + 2) * every) + 1, size);
                previous = largest(times, values, previous, begin, end, nextEnd);
                chosen[bucket + 1] = previous;
            }
            chosen[points - 1] = size - 1;
            return chosen;
        }

        private static int largest(long[] times, double[] values, int previous, int begin, int end, int nextEnd) {
            double meanTime = 0;
            double meanValue = 0;
            for (int i = end; i < nextEnd; i++) {
                meanTime += (times[i] - times[previous]) / (double) (nextEnd - end);
                meanValue += values[i] / (nextEnd - end);
            }
            int best = begin;
            double bestArea = -1;
            for (int i = begin; i < end; i++) {
                double area = Math.abs(-meanTime * (values[i] - values[previous])
                        + (times[i] - times[previous]) * (meanValue - values[previous]));
                if (area > bestArea) {
                    bestArea = area;
                    best = i;
                }
            }
            return best;
        }
    };

    private static final int LEAST = 3;

    abstract int[] choose(long[] times, double[] values, int size, int points);

    /**
     * Indices of the points that stay, rising; all where there are no more than {@code points}.
     *
     * @param size how many of the entries of both arrays are points
     * @throws IllegalArgumentException if fewer than three points are wanted
     */
    public int[] of(long[] times, double[] values, int size, int points) {
        if (points < LEAST) {
            throw new IllegalArgumentException("points must be " + LEAST + " or more, was " + points);
        }
        if (size <= points) {
            int[] all = new int[size];
            Arrays.setAll(all, i -> i);
            return all;
        }
        return choose(times, values, size, points);
    }
}
