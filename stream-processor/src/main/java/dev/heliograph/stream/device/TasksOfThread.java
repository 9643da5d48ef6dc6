package dev.heliograph.stream.device;

/**
 * How many tasks share one stream thread, and so how long each of them may look at devices that have sent nothing. All looks
 * of a thread together take no more than their share of its time, whatever is due: the rest is for readings. Used by that
 * thread alone.
 */
final class TasksOfThread {
    private int tasks;

    void joined() {
        tasks++;
    }

    void left() {
        tasks--;
    }

    /**
     * How long one task may look, in nanoseconds.
     *
     * @param micros time since it last did
     * @param share part of the thread's time for the looks of all its tasks, above 0 to 1
     */
    long lookNanos(long micros, double share) {
        return (long) (micros * 1_000 * share / Math.max(1, tasks));
    }
}
