package dev.heliograph.writer;

import org.springframework.context.SmartLifecycle;

/** Starts and stops the writer with the application. */
final class WriterLifecycle implements SmartLifecycle {
    private final Writer writer;
    private final boolean enabled;
    private volatile boolean running;

    WriterLifecycle(Writer writer, boolean enabled) {
        this.writer = writer;
        this.enabled = enabled;
    }

    @Override
    public boolean isAutoStartup() {
        return enabled;
    }

    @Override
    public void start() {
        running = true;
        writer.start();
    }

    @Override
    public void stop() {
        running = false;
        writer.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
