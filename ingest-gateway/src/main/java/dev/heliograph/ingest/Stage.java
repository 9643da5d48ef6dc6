package dev.heliograph.ingest;

import org.springframework.context.SmartLifecycle;

/** A part of the gateway that starts and stops at its place in the order; stopping goes backwards. */
final class Stage implements SmartLifecycle {
    /** Before the web server. */
    static final int FIRST = 0;

    /** After the web server: the doors. */
    static final int LAST = DEFAULT_PHASE;

    private final int phase;
    private final Runnable start;
    private final Runnable stop;
    private volatile boolean running;

    Stage(int phase, Runnable start, Runnable stop) {
        this.phase = phase;
        this.start = start;
        this.stop = stop;
    }

    @Override
    public void start() {
        start.run();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        stop.run();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
