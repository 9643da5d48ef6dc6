package dev.heliograph.simulator.fleet;

/** Something that a device does at times that it knows in advance. Used by one thread. */
public interface Script {
    /** There is nothing more to do. */
    long NEVER = Long.MAX_VALUE;

    /** When it acts next, µs since the epoch; {@link #NEVER} at its end. */
    long dueMicros();

    /**
     * Acts, and moves on to the next time.
     *
     * @param lateNanos how much later than due it is called
     * @return false if it could not act because something is full: it wants to be asked again soon, nothing has moved
     */
    boolean act(long lateNanos);
}
